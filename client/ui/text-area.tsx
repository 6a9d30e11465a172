import { useId, useLayoutEffect, useRef, type CSSProperties, type Ref, type TextareaHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';
import { describedBy, Field, type FieldTexts } from './field.tsx';
import fieldStyles from './field.module.css';
import styles from './text-area.module.css';

export interface GrowingTextAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className' | 'rows'> {
  /** Lines it is never lower than. Default 1. */
  minRows?: number | undefined;
  /** Lines it grows to before it scrolls. Default 8. */
  maxRows?: number | undefined;
  className?: string | undefined;
  ref?: Ref<HTMLTextAreaElement> | undefined;
}

/**
 * A bare text area that grows with its text: no label, no box, no padding of its own. Give it an `aria-label`, and a `className` for padding.
 * CSS does the growing (`field-sizing`); where a browser has none, the height is set by hand after each change.
 */
export function GrowingTextArea({
  minRows = 1,
  maxRows = 8,
  className,
  ref,
  style,
  value,
  ...rest
}: GrowingTextAreaProps) {
  const element = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const area = element.current;
    if (!area || CSS.supports('field-sizing', 'content')) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [value]);
  return (
    <textarea
      {...rest}
      value={value}
      rows={minRows}
      ref={(area) => {
        element.current = area;
        if (typeof ref === 'function') return ref(area);
        if (ref) ref.current = area;
        return undefined;
      }}
      className={classNames(styles.area, className)}
      style={{ ...style, '--min-rows': minRows, '--max-rows': maxRows } as CSSProperties}
    />
  );
}

export interface TextAreaProps extends FieldTexts, Omit<GrowingTextAreaProps, 'aria-label'> {}

/** Several lines of text with a label, in a box, growing to `maxRows` lines. */
export function TextArea({
  label,
  labelHidden,
  description,
  error,
  className,
  id,
  minRows = 2,
  ...rest
}: TextAreaProps) {
  const ownId = useId();
  const controlId = id ?? ownId;
  const texts = { label, labelHidden, description, error };
  return (
    <Field controlId={controlId} {...texts} className={className}>
      <div className={fieldStyles.box} data-invalid={error !== undefined} data-disabled={rest.disabled === true}>
        <GrowingTextArea
          {...rest}
          id={controlId}
          minRows={minRows}
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={describedBy(controlId, texts)}
          className={classNames(fieldStyles.input, styles.boxed)}
        />
      </div>
    </Field>
  );
}
