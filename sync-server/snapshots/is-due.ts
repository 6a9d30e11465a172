import { segmentOf } from '#schema/ids.ts';
import type { UnmergedSegment } from '#server/store/unmerged-segments.ts';

/** Why a segment is merged. */
export type Due = 'deletion' | 'many' | 'quiet';

/**
 * When a segment is merged. Each merge reads and writes the whole segment, so it waits until that is worth it; a reader of rows beyond
 * the snapshot pays some 25 µs for each.
 */
export const DUE = {
  /** What was deleted is gone from the database within about a minute (N3), and who deletes much makes one merge of it. */
  deletionMs: 60_000,
  /** 512 rows cost a reader some 15 ms, well under the 50 ms a newest screen may take (design §12). */
  rows: 512,
  /** The same for rows of long messages or many events. */
  bytes: 256 << 10,
  /** A segment that is large already waits for an eighth of its size: all its merges together write some nine times its final size. */
  part: 1 / 8,
  /** A past month without news for an hour will hardly see more: merged it is immutable, and served as it is. */
  quietMs: 3_600_000,
} as const;

/** @param now ms since 1970 */
export function isDue(segment: UnmergedSegment, now: number): Due | null {
  if (segment.deletionAt !== null && now - segment.deletionAt >= DUE.deletionMs) return 'deletion';
  const worth = Math.max(1, (segment.merged * DUE.part) / DUE.rows);
  if (segment.rows >= DUE.rows * worth || segment.bytes >= DUE.bytes * worth) return 'many';
  if (segment.segment < segmentOf(now) && now - segment.lastAt >= DUE.quietMs) return 'quiet';
  return null;
}
