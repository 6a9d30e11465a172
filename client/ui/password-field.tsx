import { useState } from 'react';
import { HideIcon, ShowIcon } from './icons.ts';
import styles from './password-field.module.css';
import { TextField, type TextFieldProps } from './text-field.tsx';
import { Tooltip } from './tooltip.tsx';

export interface PasswordFieldProps extends Omit<TextFieldProps, 'type' | 'trailing' | 'label'> {
  /** Default "Password". */
  label?: string | undefined;
}

/**
 * A password, hidden until "Show password" is pressed. Give `autoComplete` ("current-password" or "new-password").
 * The toggle's name is written inside it and not an `aria-label`, so that looking for the label "Password" finds the field alone.
 */
export function PasswordField({ label = 'Password', ...rest }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      {...rest}
      label={label}
      type={shown ? 'text' : 'password'}
      trailing={
        <Tooltip text="Show password">
          <button
            type="button"
            aria-pressed={shown}
            disabled={rest.disabled}
            className={styles.toggle}
            onClick={() => setShown(!shown)}
          >
            {shown ? <HideIcon size={18} /> : <ShowIcon size={18} />}
            <span className="visually-hidden">Show password</span>
          </button>
        </Tooltip>
      }
    />
  );
}
