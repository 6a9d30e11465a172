import styles from './badge.module.css';
import { classNames } from './class-names.ts';

export interface BadgeProps {
  /** A count; nothing is shown for 0. Over 999 it reads "999+". Or a short text such as "@". */
  value: number | string;
  /** For what is muted. */
  muted?: boolean | undefined;
  className?: string | undefined;
}

/** A count in a pill. Hidden from assistive technology: the count belongs into the description of its row, not into a name. */
export function Badge({ value, muted, className }: BadgeProps) {
  if (value === 0) return null;
  const text = typeof value === 'number' && value > 999 ? '999+' : String(value);
  return (
    <span aria-hidden="true" className={classNames(styles.badge, muted && styles.muted, className)}>
      {text}
    </span>
  );
}
