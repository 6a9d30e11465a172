/** How a cursor moves (C1, R7): over what is here without a gap, be it from deltas or from acks that came ahead of them. */

export interface Cursor {
  /** Null: never hydrated. Counts as 0: below the first seq there is nothing to have. */
  readonly cursor: number | null;
  /** Seqs above the cursor that are here: [from, to], rising, apart. */
  readonly ahead: readonly (readonly [number, number])[];
}

/** The cursor once the seqs from `from` to `to` are here as well. */
export function withSeqs(
  { cursor, ahead }: Cursor,
  from: number,
  to: number,
): { cursor: number | null; ahead: [number, number][] } {
  const ranges = [...ahead, [from, to] as const].sort((one, other) => one[0] - other[0]);
  const joined: [number, number][] = [];
  for (const [low, high] of ranges) {
    const last = joined.at(-1);
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else joined.push([low, high]);
  }
  let reached = cursor;
  const left = joined.filter(([low, high]) => {
    if (low > (reached ?? 0) + 1) return true;
    if (high > (reached ?? 0)) reached = high;
    return false;
  });
  return { cursor: reached, ahead: left };
}

/** Whether a seq is here already. */
export function hasSeq({ cursor, ahead }: Cursor, seq: number): boolean {
  return seq <= (cursor ?? 0) || ahead.some(([low, high]) => low <= seq && seq <= high);
}
