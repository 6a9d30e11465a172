import { classNames } from './class-names.ts';
import styles from './spinner.module.css';

export interface SpinnerProps {
  /** Names what is awaited and makes it an `img`; without it the spinner is decoration. */
  label?: string | undefined;
  /** Pixels. Default 18. */
  size?: number | undefined;
  className?: string | undefined;
}

/** A turning ring; stands still (and pulses no more) when the person asked for less movement. */
export function Spinner({ label, size = 18, className }: SpinnerProps) {
  return (
    <span
      className={classNames(styles.spinner, className)}
      style={{ width: size, height: size }}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}
