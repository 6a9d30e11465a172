import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeBundle, encodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import type { DatabaseSession } from '#server/store/database.ts';
import {
  lockSegment,
  readSegment,
  storeSnapshot,
  Superseded,
  unlockSegment,
  type ReadLimits,
  type SegmentContent,
  type SegmentKey,
} from '#server/store/snapshots.ts';
import { countEvents, mergeSegment } from './merge-segment.ts';
import { NotEqual, proveSegment } from './prove-segment.ts';

/** How a merge ended. `busy`: another node is at this segment; `superseded`: it changed under the merge. Neither is a failure. */
export type MergeOutcome =
  | {
      readonly outcome: 'merged';
      readonly rows: number;
      readonly quarantined: number;
      readonly events: number;
      readonly bytes: number;
      readonly more: boolean;
    }
  | { readonly outcome: 'nothing' | 'busy' | 'superseded' };

/**
 * Merges what was committed to a segment since its snapshot into a new one, once (N1): read, merge, prove, then store and remove in one
 * transaction. Killed anywhere, it has either done nothing or everything.
 * @param limits how much is merged at once; `more` says that rows are left
 * @throws NotEqual if the new snapshot is not what it should be: nothing was stored then
 */
export async function mergeJob(session: DatabaseSession, key: SegmentKey, limits: ReadLimits): Promise<MergeOutcome> {
  if (!(await lockSegment(session, key))) return { outcome: 'busy' };
  try {
    const content = await readSegment(session, key, limits);
    if (content.rows.length === 0) return { outcome: 'nothing' };
    return await mergeContent(session, key, content);
  } catch (error) {
    if (error instanceof Superseded) return { outcome: 'superseded' };
    throw error;
  } finally {
    // Should the connection be gone, so is the lock.
    await unlockSegment(session, key).catch(() => undefined);
  }
}

async function mergeContent(session: DatabaseSession, key: SegmentKey, content: SegmentContent): Promise<MergeOutcome> {
  const { rows, clocks } = content;
  const before = bundleOf(content);
  const { bundle, bad, missing, deletions } = mergeSegment(before, rows);
  if (missing.length > 0) {
    const places = missing.map(({ replica, clock, count }) => `${replica}.${clock} to ${clock + count - 1}`);
    throw new NotEqual(`the log lacks ${places.join(', ')}`);
  }
  const body = gzipSync(encodeBundle(bundle));
  proveSegment({ before, rows, bad: new Set(bad.map(({ row }) => row.seq)), clocks, body });
  await storeSnapshot(session, {
    key,
    replaces: content.snapshot?.throughSeq ?? null,
    snapshot: { throughSeq: bundle.throughSeq, body },
    eventCount: countEvents(bundle),
    deletions,
    seqs: rows.map((row) => row.seq),
    bad: bad.map(({ row, reason }) => ({ seq: row.seq, reason })),
  });
  return {
    outcome: 'merged',
    rows: rows.length,
    quarantined: bad.length,
    events: countEvents(bundle),
    bytes: body.length,
    more: content.more,
  };
}

/** Opens the snapshot a merge begins with. */
export function bundleOf(content: SegmentContent): SegmentBundle | null {
  return content.snapshot && decodeBundle(gunzipSync(content.snapshot.body));
}
