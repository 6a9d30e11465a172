import { LIMITS } from '#schema/limits.ts';
import type { StockCost } from '../relay/stock/ports.ts';
import { TokenBucket } from './token-bucket.ts';

/** Sessions remembered; above it the one that was metered longest ago is forgotten, its debt with it. */
const mostSessions = 10_000;

interface Buckets {
  readonly bytes: TokenBucket;
  readonly updates: TokenBucket;
  readonly requests: TokenBucket;
}

/**
 * Meters what sessions cost over all their sockets, so that coming back does not fill a bucket. Gives the ms until a session is out of debt.
 * @param now ms, any clock that does not go back
 */
export function createMeter(now: () => number): (session: string, cost: StockCost) => number {
  const sessions = new Map<string, Buckets>();
  return (session, { bytes = 0, updates = 0, requests = 0 }) => {
    const at = now();
    const own = sessions.get(session) ?? {
      bytes: new TokenBucket({ rate: LIMITS.bytesPerSecond, burst: LIMITS.bytesBurst }, at),
      updates: new TokenBucket({ rate: LIMITS.updatesPerSecond, burst: LIMITS.updatesBurst }, at),
      requests: new TokenBucket({ rate: LIMITS.requestsPerSecond, burst: LIMITS.requestsBurst }, at),
    };
    sessions.delete(session);
    sessions.set(session, own);
    const oldest = sessions.keys().next();
    if (sessions.size > mostSessions && !oldest.done) sessions.delete(oldest.value);
    own.bytes.take(bytes, at);
    own.updates.take(updates, at);
    own.requests.take(requests, at);
    return Math.max(own.bytes.debtMs, own.updates.debtMs, own.requests.debtMs);
  };
}
