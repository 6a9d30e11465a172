import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import styles from './choice.module.css';
import { classNames } from './class-names.ts';

export interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'className' | 'onChange'> {
  label: string;
  description?: ReactNode;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  className?: string | undefined;
  ref?: Ref<HTMLInputElement> | undefined;
}

/** A choice of yes or no within a form. The whole row is its target. */
export function Checkbox({ label, description, checked, onCheckedChange, className, ...rest }: CheckboxProps) {
  const id = useId();
  return (
    <div className={classNames(styles.row, className)}>
      <input
        {...rest}
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={description === undefined ? undefined : `${id}-description`}
        onChange={(event) => onCheckedChange(event.target.checked)}
        className={styles.checkbox}
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
