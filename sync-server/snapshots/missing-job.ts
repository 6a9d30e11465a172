import * as Y from 'yjs';
import type { DatabaseSession } from '#server/store/database.ts';
import type { ReadLimits, SegmentKey } from '#server/store/snapshots.ts';
import { readWhole } from './bundle-job.ts';
import { bundleOf } from './merge-job.ts';
import { mergeSegment } from './merge-segment.ts';

/** An update with nothing in it. */
const nothing = Uint8Array.of(0, 0);

/**
 * What a document lacks of a segment that has this state vector, and everything that was ever deleted of it (as Yjs does it), in one
 * update: the answer a stock provider gets (Y1).
 * @param stateVector as Yjs writes it
 */
export async function missingJob(
  session: DatabaseSession,
  key: SegmentKey,
  limits: ReadLimits,
  stateVector: Uint8Array,
): Promise<Uint8Array> {
  const content = await readWhole(session, key, limits);
  const before = bundleOf(content);
  const bundle = content.rows.length > 0 ? mergeSegment(before, content.rows).bundle : before;
  if (bundle === null || bundle.update.length === 0) return nothing;
  return Y.diffUpdate(bundle.update, stateVector);
}
