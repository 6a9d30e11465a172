import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import { describedBy, Field, type FieldTexts } from './field.tsx';
import fieldStyles from './field.module.css';

export interface TextFieldProps
  extends FieldTexts, Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'children' | 'size'> {
  /** Shown inside the box, after the text (a unit, a button). */
  trailing?: ReactNode;
  className?: string | undefined;
  ref?: Ref<HTMLInputElement> | undefined;
}

/** One line of text with a label. All attributes of an `input` pass through (`type`, `autoComplete`, `value`, `onChange` …). */
export function TextField({
  label,
  labelHidden,
  description,
  error,
  trailing,
  className,
  id,
  ...rest
}: TextFieldProps) {
  const ownId = useId();
  const controlId = id ?? ownId;
  const texts = { label, labelHidden, description, error };
  return (
    <Field controlId={controlId} {...texts} className={className}>
      <div className={fieldStyles.box} data-invalid={error !== undefined} data-disabled={rest.disabled === true}>
        <input
          type="text"
          {...rest}
          id={controlId}
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={describedBy(controlId, texts)}
          className={fieldStyles.input}
        />
        {trailing}
      </div>
    </Field>
  );
}
