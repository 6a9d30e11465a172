/**
 * The time of an event: a hybrid logical clock in whole milliseconds since 1970. It follows the device's clock, corrected by
 * what the server said about it, and never falls behind a time already seen, so an answer sorts after what it answers.
 */
export interface HybridClock {
  /** The time for a new event, in ms: higher than every time given out or observed before. */
  next(): number;
  /** Takes note of an event's time. */
  observe(at: number): void;
  /** Takes note of the server's clock. Differences below `LIMITS.clockAheadMs` are left alone: they are the network's. */
  correct(serverTime: number): void;
  /** How far this device's clock is ahead of the server's, in ms, as far as it is being corrected; 0 when it is not. */
  skew(): number;
}

/** @param now the device's clock, ms. @param toleratedMs differences to the server's clock that are not corrected. */
export function createHybridClock(now: () => number, toleratedMs: number): HybridClock {
  let last = 0;
  let skew = 0;
  return {
    next() {
      last = Math.max(Math.floor(now() - skew), last + 1);
      return last;
    },
    observe(at) {
      // A time far in the future (a row of a broken device) must not drag this clock along.
      if (at <= now() - skew + toleratedMs) last = Math.max(last, at);
    },
    correct(serverTime) {
      const ahead = now() - serverTime;
      skew = Math.abs(ahead) > toleratedMs ? ahead : 0;
      // What this clock gave out while it was ahead is re-timed by the device; the clock starts anew from the corrected time.
      if (last > now() - skew + toleratedMs) last = 0;
    },
    skew: () => skew,
  };
}
