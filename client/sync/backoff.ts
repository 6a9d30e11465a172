/** Rule S5: full jitter over an exponential backoff. Five seconds at the most: who left a tunnel waits half of that on average, and jitter spreads the rest. */
const FIRST_MS = 500;
const LONGEST_MS = 5_000;

/** The wait before try number `attempt` (1 is the first repetition), in ms. `random` gives 0 ≤ x < 1. */
export function backoff(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(16, Math.max(0, attempt - 1)));
  return Math.round(random() * ceiling);
}
