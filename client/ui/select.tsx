import { useId, type ReactNode, type Ref, type SelectHTMLAttributes } from 'react';
import { describedBy, Field, type FieldTexts } from './field.tsx';
import fieldStyles from './field.module.css';
import { ChevronDownIcon } from './icons.ts';
import styles from './select.module.css';

export interface SelectProps
  extends FieldTexts, Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className' | 'multiple' | 'size'> {
  /** `option` elements. */
  children: ReactNode;
  className?: string | undefined;
  ref?: Ref<HTMLSelectElement> | undefined;
}

/** One of a short list (a `combobox` to assistive technology). Native, so that a phone shows its own picker. */
export function Select({ label, labelHidden, description, error, className, id, children, ...rest }: SelectProps) {
  const ownId = useId();
  const controlId = id ?? ownId;
  const texts = { label, labelHidden, description, error };
  return (
    <Field controlId={controlId} {...texts} className={className}>
      <div className={fieldStyles.box} data-invalid={error !== undefined} data-disabled={rest.disabled === true}>
        <select
          {...rest}
          id={controlId}
          aria-describedby={describedBy(controlId, texts)}
          className={`${fieldStyles.input ?? ''} ${styles.select ?? ''}`}
        >
          {children}
        </select>
        <ChevronDownIcon size={18} className={styles.arrow} />
      </div>
    </Field>
  );
}
