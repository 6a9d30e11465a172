import { decodeUpdate, type ClockRange, type LogElement } from '#schema/segment/update-codec.ts';
import type { DatabaseSession } from '#server/store/database.ts';
import { readSegment, type SegmentKey } from '#server/store/snapshots.ts';
import { bundleOf } from '#server/snapshots/merge-job.ts';
import { createLedger, type SegmentLedger } from './segment-ledger.ts';

/** All of it: what one month holds was merged before, or was written by an import that fitted into memory. */
const everything = { rows: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER };

/** What a segment holds already, by replica. A row that cannot be read counts as nothing: what it held is imported again. */
export async function readLedgers(session: DatabaseSession, key: SegmentKey): Promise<Map<number, SegmentLedger>> {
  const content = await readSegment(session, key, everything);
  const updates = content.rows.map((row) => row.bytes);
  const snapshot = bundleOf(content);
  if (snapshot) updates.unshift(snapshot.update);
  const elements = new Map<number, LogElement[]>();
  const gone = new Map<number, ClockRange[]>();
  for (const bytes of updates) {
    const update = read(bytes);
    for (const element of update.elements) listOf(elements, element.replica).push(element);
    for (const range of [...update.gone, ...update.deletions]) listOf(gone, range.replica).push(range);
  }
  const replicas = new Set([...elements.keys(), ...gone.keys()]);
  return new Map(
    [...replicas].map((replica) => {
      const deleted = gone.get(replica) ?? [];
      // A deletion that is not merged yet stands beside the text it deletes.
      const left = (elements.get(replica) ?? []).filter(
        ({ clock }) => !deleted.some((range) => clock >= range.clock && clock < range.clock + range.count),
      );
      return [replica, createLedger(left, deleted)];
    }),
  );
}

function read(bytes: Uint8Array): ReturnType<typeof decodeUpdate> {
  try {
    return decodeUpdate(bytes);
  } catch {
    return { elements: [], gone: [], deletions: [] };
  }
}

function listOf<T>(lists: Map<number, T[]>, replica: number): T[] {
  let list = lists.get(replica);
  if (!list) lists.set(replica, (list = []));
  return list;
}
