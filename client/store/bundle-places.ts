import type { SegmentBundle } from '#schema/segment/segment-bundle.ts';
import { placesOf, type CommittedPlace } from './segment-block.ts';

/**
 * The places of a bundle with their seqs: a replica's clocks are committed without a gap, in the order of its runs.
 * @throws Error where a place has no seq.
 */
export function bundlePlaces(bundle: SegmentBundle): CommittedPlace[] {
  const runs = new Map<number, { seq: number; upTo: number }[]>();
  for (const { seq, replica, count } of bundle.seqs) {
    const own = runs.get(replica) ?? [];
    runs.set(replica, own);
    own.push({ seq, upTo: (own.at(-1)?.upTo ?? 0) + count });
  }
  const at = new Map<number, number>();
  if (bundle.update.length === 0) return [];
  return placesOf(bundle.update).map((place): CommittedPlace => {
    const own = runs.get(place.replica) ?? [];
    let i = at.get(place.replica) ?? 0;
    while (i < own.length - 1 && place.clock >= (own[i]?.upTo ?? 0)) i++;
    at.set(place.replica, i);
    const run = own[i];
    if (!run || place.clock >= run.upTo)
      throw new Error(`segment bundle names no seq for ${place.replica}.${place.clock}`);
    return { ...place, seq: run.seq };
  });
}
