/** What a bucket says to a request: within its bounds, above them, or so far above that it is no accident. */
export type BucketVerdict = 'fine' | 'over' | 'far';

/** A rate and a burst. */
export interface BucketSize {
  /** Tokens a second. */
  readonly rate: number;
  readonly burst: number;
}

/**
 * A token bucket that also counts what it refuses: its level falls below nothing, and whoever goes on until it is a whole burst below
 * does not listen.
 */
export class TokenBucket {
  private readonly size: BucketSize;
  private level: number;
  private at: number;

  /** @param now ms, any clock that does not go back */
  constructor(size: BucketSize, now: number) {
    this.size = size;
    this.level = size.burst;
    this.at = now;
  }

  take(tokens: number, now: number): BucketVerdict {
    const { rate, burst } = this.size;
    this.level = Math.min(burst, this.level + ((now - this.at) * rate) / 1_000) - tokens;
    this.at = now;
    if (this.level >= 0) return 'fine';
    return this.level >= -burst ? 'over' : 'far';
  }

  /** How long until nothing is owed, ms. */
  get debtMs(): number {
    return Math.max(0, (-this.level / this.size.rate) * 1_000);
  }
}
