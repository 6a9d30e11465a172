/** The load itself: a steady rate for the delay people feel, and a climb for the most that a server takes. */
import { percentile } from '../statistics.ts';
import { CONVERSATIONS, MEMBERS, type Connection, type Peer } from './peer.ts';

/** How a peer did at one rate. Times in ms from sending to being seen by another member. */
export interface LoadResult {
  readonly rate: number;
  /** Messages a second that were really sent. */
  readonly sent: number;
  readonly p50: number;
  readonly p99: number;
  /** Messages not seen by all others within the grace time. */
  readonly missing: number;
}

/** All connections of the load, and the times at which messages were sent. */
export interface Crowd {
  readonly connections: readonly Connection[];
  run(rate: number, seconds: number): Promise<LoadResult>;
  close(): void;
}

/** Connects every member of every conversation to a peer. */
export async function assemble(peer: Peer): Promise<Crowd> {
  const sentAt = new Map<number, number>();
  let delays: number[] = [];
  const seen = (message: number): void => {
    const at = sentAt.get(message);
    if (at !== undefined) delays.push(performance.now() - at);
  };
  const connections: Connection[] = [];
  for (let conversation = 0; conversation < CONVERSATIONS; conversation++) {
    for (let member = 0; member < MEMBERS; member++) connections.push(await peer.connect(conversation, member, seen));
  }
  let next = 0;
  return {
    connections,
    async run(rate, seconds) {
      delays = [];
      sentAt.clear();
      const start = performance.now();
      const total = Math.round(rate * seconds);
      let count = 0;
      while (count < total) {
        const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate));
        for (; count < due; count++) {
          const message = next++ % 10_000_000;
          sentAt.set(message, performance.now());
          connections[message % connections.length]?.send(message);
        }
        await turn();
      }
      const sent = total / ((performance.now() - start) / 1000);
      const expected = total * (MEMBERS - 1);
      const deadline = performance.now() + 2_000;
      while (delays.length < expected && performance.now() < deadline) await turn();
      return {
        rate,
        sent,
        p50: percentile(delays, 0.5),
        p99: percentile(delays, 0.99),
        missing: expected - delays.length,
      };
    },
    close() {
      for (const connection of connections) connection.close();
    },
  };
}

/** Lets sockets and timers have their turn without adding a delay of its own. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The highest rate at which 99 of 100 messages are seen within 250 ms and the load keeps the rate: doubled until it fails, then
 * halved in between four times.
 */
export async function mostMessages(crowd: Crowd, from: number, seconds: number): Promise<LoadResult> {
  const holds = (result: LoadResult): boolean =>
    result.p99 < 250 && result.missing === 0 && result.sent > result.rate * 0.95;
  let best: LoadResult | null = null;
  let low = from;
  let high = Number.POSITIVE_INFINITY;
  for (let rate = from, step = 0; step < 12 && (high === Number.POSITIVE_INFINITY || high - low > low * 0.06); step++) {
    const result = await crowd.run(rate, seconds);
    if (holds(result)) {
      best = result;
      low = rate;
    } else {
      high = rate;
    }
    rate = high === Number.POSITIVE_INFINITY ? rate * 2 : Math.round((low + high) / 2);
  }
  return best ?? (await crowd.run(from, seconds));
}
