import { classNames } from './class-names.ts';
import styles from './progress-bar.module.css';

export interface ProgressBarProps {
  /** The accessible name, e.g. what is being sent: stable while the value moves. */
  label: string;
  /** 0 to 1, or null when it cannot be known. */
  value: number | null;
  className?: string | undefined;
}

/** How far something has come. Says the percentage to assistive technology. */
export function ProgressBar({ label, value, className }: ProgressBarProps) {
  const percent = value === null ? undefined : Math.round(Math.max(0, Math.min(value, 1)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={classNames(styles.track, percent === undefined && styles.unknown, className)}
    >
      <div className={styles.fill} style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
