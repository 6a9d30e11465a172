import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { FailedIcon } from './icons.ts';

/** What every field with a label takes. */
export interface FieldTexts {
  /** The accessible name, shown above the field. */
  label: string;
  /** Keeps the label for assistive technology alone. */
  labelHidden?: boolean | undefined;
  /** A sentence of help under the field. */
  description?: ReactNode;
  /** Why the value is not accepted; marks the field invalid and is announced. */
  error?: string | undefined;
}

export interface FieldProps extends FieldTexts {
  /** Id of the control; the description and the error get ids derived from it. */
  controlId: string;
  className?: string | undefined;
  children: ReactNode;
}

/** The ids a control names in `aria-describedby`, or undefined when there is nothing to say. */
export function describedBy(controlId: string, texts: FieldTexts): string | undefined {
  const ids = [
    texts.error !== undefined && `${controlId}-error`,
    texts.description !== undefined && `${controlId}-description`,
  ];
  return classNames(...ids) || undefined;
}

/** Label, control, help and error, always in this order. */
export function Field({ controlId, label, labelHidden, description, error, className, children }: FieldProps) {
  return (
    <div className={classNames(styles.field, className)}>
      <label htmlFor={controlId} className={labelHidden ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      {children}
      {error !== undefined && (
        <p id={`${controlId}-error`} role="alert" className={styles.error}>
          <FailedIcon size={16} />
          {error}
        </p>
      )}
      {description !== undefined && (
        <p id={`${controlId}-description`} className={styles.description}>
          {description}
        </p>
      )}
    </div>
  );
}
