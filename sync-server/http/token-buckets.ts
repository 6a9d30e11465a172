/** One token bucket for each of many keys, forgotten when it is full again. */
export interface TokenBuckets {
  /**
   * Takes tokens if there are any left: what is asked for may exceed them once, and the debt is waited for.
   * @returns 0, or the wait in ms until the bucket is out of debt
   */
  take(key: string, tokens: number): number;
}

export interface BucketSize {
  readonly perSecond: number;
  readonly burst: number;
}

/** Above this many keys those that are full are looked for and forgotten. */
const sweepAbove = 10_000;

/** @param now ms, never going back */
export function createTokenBuckets({ perSecond, burst }: BucketSize, now: () => number): TokenBuckets {
  const buckets = new Map<string, { tokens: number; at: number }>();
  let sweepAt = sweepAbove;
  const filled = (bucket: { tokens: number; at: number }, time: number): number =>
    Math.min(burst, bucket.tokens + ((time - bucket.at) / 1000) * perSecond);

  return {
    take(key, tokens) {
      const time = now();
      const bucket = buckets.get(key);
      const left = bucket ? filled(bucket, time) : burst;
      if (left <= 0) return (-left / perSecond) * 1000 + 1;
      buckets.set(key, { tokens: left - tokens, at: time });
      if (buckets.size > sweepAt) {
        for (const [other, old] of buckets) if (filled(old, time) >= burst) buckets.delete(other);
        sweepAt = Math.max(sweepAbove, buckets.size * 2);
      }
      return 0;
    },
  };
}
