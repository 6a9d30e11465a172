import { classNames } from './class-names.ts';
import styles from './skeleton.module.css';

export interface SkeletonProps {
  /** CSS width and height. A line of text by default. */
  width?: string | number | undefined;
  height?: string | number | undefined;
  shape?: 'line' | 'block' | 'circle' | undefined;
  className?: string | undefined;
}

/** Holds the place of what is being loaded. Decoration: the container says `aria-busy`. */
export function Skeleton({ width, height, shape = 'line', className }: SkeletonProps) {
  return (
    <span
      aria-hidden="true"
      className={classNames(styles.skeleton, styles[shape], className)}
      style={{ width, height }}
    />
  );
}
