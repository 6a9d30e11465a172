import { Skeleton } from '#client/ui/skeleton.tsx';
import styles from './conversation-list.module.css';

/** Widths of title and preview, in per cent, so that the places held look like rows and not like a pattern. */
const WIDTHS: readonly (readonly [number, number])[] = [
  [45, 80],
  [60, 65],
  [35, 90],
  [55, 50],
  [40, 75],
  [65, 60],
  [50, 85],
];

/** Holds the places of the rows while the device reads them. */
export function ConversationListSkeleton() {
  return (
    <div className={styles.skeletons} role="img" aria-label="Loading conversations" aria-busy="true">
      {WIDTHS.map(([title, preview], index) => (
        <span key={index} className={styles.skeleton}>
          <Skeleton shape="circle" width={48} height={48} />
          <span className={styles.skeletonWords}>
            <Skeleton width={`${title}%`} />
            <Skeleton width={`${preview}%`} />
          </span>
        </span>
      ))}
    </div>
  );
}
