/** Randomness that a seed repeats. */
export interface SeededRandom {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, `from` ≤ n < `to`. */
  whole(from: number, to: number): number;
  /** True in this share of the cases. */
  chance(share: number): boolean;
  /** One of them; there must be one. */
  pick<T>(from: readonly T[]): T;
  /** A random UUID in lower case. */
  uuid(): string;
}

/** mulberry32: small, fast, and good enough to find faults with. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from));
  return {
    next,
    whole,
    chance: (share) => next() < share,
    pick: (from) => {
      const picked = from[whole(0, from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    uuid: () => {
      const hex = (digits: number): string => Array.from({ length: digits }, () => whole(0, 16).toString(16)).join('');
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${whole(8, 12).toString(16)}${hex(3)}-${hex(12)}`;
    },
  };
}
