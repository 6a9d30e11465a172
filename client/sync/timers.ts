/** Time as the sync engine sees it, so that a test can own it. */
export interface Timers {
  /** The device's clock, ms since 1970. It may be wrong and may jump. */
  now(): number;
  /** Milliseconds of an arbitrary beginning that never jump: for waits and silences. */
  elapsed(): number;
  /** Calls `act` once, `ms` from now. Gives the function that takes it back. */
  after(ms: number, act: () => void): () => void;
}

/** The clock and timers of the browser or of Node. */
export const systemTimers: Timers = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};
