import { useRef, type InputHTMLAttributes, type Ref } from 'react';
import { classNames } from './class-names.ts';
import { IconButton } from './icon-button.tsx';
import { CloseIcon, SearchIcon } from './icons.ts';
import styles from './search-box.module.css';

export interface SearchBoxProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'value' | 'onChange' | 'className' | 'type' | 'aria-label'
> {
  /** The accessible name and the placeholder. */
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  /** Placeholder, where it should differ from the name. */
  placeholder?: string | undefined;
  className?: string | undefined;
  ref?: Ref<HTMLInputElement> | undefined;
}

/** A `searchbox`. Escape empties it first (and goes no further); "Clear search" shows while there is text and gives the focus back. */
export function SearchBox({
  label,
  value,
  onValueChange,
  placeholder = label,
  className,
  ref,
  onKeyDown,
  ...rest
}: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={classNames(styles.box, className)}>
      <SearchIcon size={18} className={styles.glass} />
      <input
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        {...rest}
        ref={(element) => {
          input.current = element;
          if (typeof ref === 'function') return ref(element);
          if (ref) ref.current = element;
          return undefined;
        }}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={(event) => {
          onKeyDown?.(event);
          if (event.key === 'Escape' && value !== '' && !event.defaultPrevented) {
            event.preventDefault();
            event.stopPropagation();
            onValueChange('');
          }
        }}
        className={styles.input}
      />
      {value !== '' && (
        <IconButton
          label="Clear search"
          icon={<CloseIcon />}
          size="small"
          className={styles.clear}
          onClick={() => {
            onValueChange('');
            input.current?.focus();
          }}
        />
      )}
    </div>
  );
}
