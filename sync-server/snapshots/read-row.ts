/**
 * Reads one row of the update log and checks that it is what its columns say. Admission checked it before it was stored (W1), so
 * a row refused here was damaged since, or passed through a fault of ours: it goes to quarantine, and the rows around it do not
 * suffer (N2).
 */
import * as Y from 'yjs';
import { LOG, type ClockRange } from '#schema/segment/update-codec.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';

/** Why a row cannot be merged. */
export class BadRow extends Error {
  override readonly name = 'BadRow';
}

/** What a row holds. */
export interface RowContent {
  /** The events, in order of their clocks. */
  readonly values: readonly unknown[];
  readonly deletions: readonly ClockRange[];
}

/**
 * @param nextClock the next clock of a replica in this segment, as of this row: 0 when it has none
 * @throws BadRow saying why
 */
export function readRow(row: SegmentRow, nextClock: (replica: number) => number): RowContent {
  const { structs, ds } = decode(row.bytes);
  const deletions: ClockRange[] = [];
  for (const [replica, items] of ds.clients) {
    for (const { clock, len } of items) {
      if (clock + len > nextClock(replica)) throw new BadRow(`deletes ${replica}.${clock}, which is not stored`);
      deletions.push({ replica, clock, count: len });
    }
  }
  if (row.replica === null || row.clockFrom === null) {
    if (structs.length > 0) throw new BadRow('a deletion of the relay that adds items');
    return { values: [], deletions };
  }
  if (deletions.length > 0) throw new BadRow('a device’s update that deletes');
  const expected = nextClock(row.replica);
  if (row.clockFrom < expected)
    throw new BadRow(`begins at clock ${row.clockFrom}, of which others hold all below ${expected}`);
  const values: unknown[] = [];
  for (const struct of structs) {
    const clock = row.clockFrom + values.length;
    if (!(struct instanceof Y.Item)) throw new BadRow(`holds a ${struct.constructor.name}`);
    if (struct.id.client !== row.replica || struct.id.clock !== clock)
      throw new BadRow(`holds ${struct.id.client}.${struct.id.clock} where ${row.replica}.${clock} should be`);
    if (!(struct.content instanceof Y.ContentAny)) throw new BadRow(`holds ${struct.content.constructor.name}`);
    if (struct.rightOrigin !== null || struct.parentSub !== null)
      throw new BadRow('holds an item that is not appended');
    // Decoded, the parent of an item without origins is the name of the root it names.
    if (struct.origin === null && (struct.parent as unknown) !== LOG)
      throw new BadRow('writes to another root than the log');
    values.push(...struct.content.arr);
  }
  if (values.length !== row.clockCount) throw new BadRow(`holds ${values.length} events, not ${row.clockCount}`);
  return { values, deletions };
}

function decode(bytes: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
  try {
    return Y.decodeUpdate(bytes);
  } catch (error) {
    throw new BadRow(`cannot be decoded: ${error instanceof Error ? error.message : String(error)}`);
  }
}
