import { useId, type ReactNode } from 'react';
import styles from './choice.module.css';
import { classNames } from './class-names.ts';

export interface RadioOption<Value extends string> {
  value: Value;
  label: string;
  description?: ReactNode;
  /** Drawn before the words; with `layout="cards"` above them. */
  icon?: ReactNode;
  disabled?: boolean | undefined;
}

export interface RadioGroupProps<Value extends string> {
  /** Names the group. */
  label: string;
  labelHidden?: boolean | undefined;
  options: readonly RadioOption<Value>[];
  value: Value | undefined;
  onValueChange: (value: Value) => void;
  /** `list` (default): one under another. `cards`: side by side, for two to four choices one knows by sight. */
  layout?: 'list' | 'cards' | undefined;
  className?: string | undefined;
}

/** One of several. Native radios: arrow keys move within the group, Tab leaves it. */
export function RadioGroup<Value extends string>({
  label,
  labelHidden,
  options,
  value,
  onValueChange,
  layout = 'list',
  className,
}: RadioGroupProps<Value>) {
  const id = useId();
  return (
    <div role="radiogroup" aria-labelledby={`${id}-label`} className={classNames(styles.group, className)}>
      <span id={`${id}-label`} className={labelHidden ? 'visually-hidden' : styles.groupLabel}>
        {label}
      </span>
      <div className={layout === 'cards' ? styles.cards : styles.options}>
        {options.map((option) => {
          const optionId = `${id}-${option.value}`;
          return (
            <div key={option.value} className={layout === 'cards' ? styles.card : styles.row}>
              <input
                id={optionId}
                type="radio"
                name={id}
                value={option.value}
                checked={option.value === value}
                disabled={option.disabled}
                aria-describedby={option.description === undefined ? undefined : `${optionId}-description`}
                onChange={() => onValueChange(option.value)}
                className={styles.radio}
              />
              <label htmlFor={optionId} className={styles.label}>
                {option.icon}
                {option.label}
              </label>
              {option.description !== undefined && (
                <span id={`${optionId}-description`} className={styles.description}>
                  {option.description}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
