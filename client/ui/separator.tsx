import { classNames } from './class-names.ts';
import styles from './separator.module.css';

export interface SeparatorProps {
  /** Its accessible name and the words shown in it. Without them: a plain line. */
  label?: string | undefined;
  /** `pill`: the words alone on a small ground (a date between messages). `line`: words between two lines. `accent`: a line that calls (what is new). */
  look?: 'pill' | 'line' | 'accent' | undefined;
  className?: string | undefined;
}

/** Role `separator`, with a name when it has words. */
export function Separator({ label, look = 'line', className }: SeparatorProps) {
  return (
    <div role="separator" aria-label={label} className={classNames(styles.separator, styles[look], className)}>
      {label !== undefined && <span className={styles.label}>{label}</span>}
    </div>
  );
}
