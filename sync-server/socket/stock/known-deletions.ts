import type { ClockRange } from '#schema/segment/update-codec.ts';

/** Deletions of a segment, to tell whether a provider only repeats what the relay knows (Y3). */
export class KnownDeletions {
  /** By replica: ranges that do not touch, in rising order. */
  private readonly ranges = new Map<number, { from: number; to: number }[]>();

  constructor(ranges: Iterable<ClockRange>) {
    const byReplica = new Map<number, { from: number; to: number }[]>();
    for (const { replica, clock, count } of ranges) {
      const list = byReplica.get(replica) ?? [];
      list.push({ from: clock, to: clock + count });
      byReplica.set(replica, list);
    }
    for (const [replica, list] of byReplica) this.ranges.set(replica, joined(list));
  }

  /** Whether all of these are known. */
  cover(ranges: Iterable<ClockRange>): boolean {
    for (const { replica, clock, count } of ranges) {
      const known = this.ranges.get(replica)?.some(({ from, to }) => from <= clock && clock + count <= to);
      if (!known) return false;
    }
    return true;
  }
}

function joined(ranges: { from: number; to: number }[]): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = [];
  for (const range of ranges.sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else result.push({ ...range });
  }
  return result;
}
