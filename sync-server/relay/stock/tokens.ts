/** A token bucket. */
export interface Tokens {
  /** Whether there is any left. */
  left(): boolean;
  take(count: number): void;
}

/** @param now ms */
export function createTokens(size: { readonly perSecond: number; readonly burst: number }, now: () => number): Tokens {
  let tokens: number = size.burst;
  let at = now();
  const fill = (): number => {
    const time = now();
    tokens = Math.min(size.burst, tokens + (Math.max(0, time - at) / 1000) * size.perSecond);
    at = time;
    return tokens;
  };
  return {
    left: () => fill() >= 1,
    take: (count) => void (tokens = fill() - count),
  };
}
