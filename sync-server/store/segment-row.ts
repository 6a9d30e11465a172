import type { SegmentName } from '#schema/ids.ts';

/** A row of the update log that is not merged into its segment's snapshot yet. */
export interface SegmentRow {
  readonly seq: number;
  readonly segment: SegmentName;
  /** Null: a deletion the relay wrote itself. */
  readonly replica: number | null;
  /** The first clock; null for a deletion. */
  readonly clockFrom: number | null;
  /** How many events the row adds; 0 for a deletion. */
  readonly clockCount: number;
  /** The Yjs update, as it came. */
  readonly bytes: Uint8Array;
}
