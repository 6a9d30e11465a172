import { LIMITS } from '#schema/limits.ts';
import type { RelayWaits } from './relay.ts';

/** The relay's waits as they are in use. */
export const defaultWaits: RelayWaits = {
  helloMs: LIMITS.helloMs,
  heartbeatMs: LIMITS.heartbeatMs,
  silenceMs: LIMITS.silenceMs,
  // Fine enough to cut within a second whom a revocation has put out; a turn over ten thousand sockets takes a millisecond.
  tickMs: 200,
  sessionCheckMs: 5_000,
  // Nobody sees a tenth of a second on a tick; one statement then stores what came meanwhile.
  receiptsMs: 100,
  noticesMs: 5,
  presenceMs: 5_000,
  commitPatienceMs: 5_000,
  // Half of what a stock provider takes for silence (yjs-facts).
  awarenessMs: 15_000,
};
