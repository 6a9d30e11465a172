import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { Spinner } from './spinner.tsx';

/** `primary` is the one thing to do here; `quiet` has no ground of its own; `danger` destroys something. */
export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  children: ReactNode;
  /** Default `secondary`. */
  tone?: ButtonTone | undefined;
  size?: 'small' | 'medium' | 'large' | undefined;
  /** An icon before the words. */
  icon?: ReactNode;
  /** Fills the width it is given. */
  wide?: boolean | undefined;
  /** Work is under way: keeps its size and focus, shows a spinner, sets `aria-busy` and ignores clicks. */
  busy?: boolean | undefined;
  className?: string | undefined;
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** A button with words. `type="button"` unless said otherwise. */
export function Button({
  children,
  tone = 'secondary',
  size = 'medium',
  icon,
  wide,
  busy,
  className,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={classNames(
        styles.button,
        styles[tone],
        styles[size],
        wide && styles.wide,
        busy && styles.busy,
        className,
      )}
      aria-busy={busy || undefined}
      onClick={(event) => {
        // Not `disabled`: a button that turns disabled under the finger loses the focus.
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      <span className={styles.content}>
        {icon}
        {children}
      </span>
      {busy && <Spinner className={styles.spinner} />}
    </button>
  );
}
