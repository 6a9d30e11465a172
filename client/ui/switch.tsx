import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import styles from './choice.module.css';
import { classNames } from './class-names.ts';

export interface SwitchProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'type' | 'role' | 'className' | 'onChange'
> {
  label: string;
  description?: ReactNode;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  className?: string | undefined;
  ref?: Ref<HTMLInputElement> | undefined;
}

/** A setting that takes effect at once. Words on the left, switch on the right. */
export function Switch({ label, description, checked, onCheckedChange, className, ...rest }: SwitchProps) {
  const id = useId();
  return (
    <div className={classNames(styles.row, styles.trailing, className)}>
      <input
        {...rest}
        id={id}
        type="checkbox"
        role="switch"
        checked={checked}
        aria-describedby={description === undefined ? undefined : `${id}-description`}
        onChange={(event) => onCheckedChange(event.target.checked)}
        className={styles.switch}
      />
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {description !== undefined && (
        <span id={`${id}-description`} className={styles.description}>
          {description}
        </span>
      )}
    </div>
  );
}
