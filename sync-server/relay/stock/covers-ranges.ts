import type { ClockRange } from '#schema/segment/update-codec.ts';

/** Whether every clock of `asked` is in `known`. */
export function coversRanges(known: readonly ClockRange[], asked: readonly ClockRange[]): boolean {
  const byReplica = new Map<number, ClockRange[]>();
  for (const range of known) {
    const own = byReplica.get(range.replica);
    if (own) own.push(range);
    else byReplica.set(range.replica, [range]);
  }
  for (const ranges of byReplica.values()) joinAll(ranges);
  return asked.every(({ replica, clock, count }) => {
    const range = lastFrom(byReplica.get(replica) ?? [], clock);
    return range !== null && clock + count <= range.clock + range.count;
  });
}

/** Sorts ranges of one replica and makes one of those that touch, in place. */
function joinAll(ranges: ClockRange[]): void {
  ranges.sort((one, other) => one.clock - other.clock);
  let last = -1;
  for (const range of ranges) {
    const before = ranges[last];
    if (before && before.clock + before.count >= range.clock) {
      const end = Math.max(before.clock + before.count, range.clock + range.count);
      ranges[last] = { ...before, count: end - before.clock };
    } else ranges[++last] = range;
  }
  ranges.length = last + 1;
}

/** The last range that begins at a clock or before it. */
function lastFrom(ranges: readonly ClockRange[], clock: number): ClockRange | null {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.clock ?? 0) <= clock) low = middle + 1;
    else high = middle;
  }
  return ranges[low - 1] ?? null;
}
