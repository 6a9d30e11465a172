/** A relay on a real database and a free port, with sessions as they stand in the table. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeviceId, UserId } from '#schema/ids.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics, type Metrics } from '#server/metrics.ts';
import type { Relay, RelayDeps, SignedIn } from '#server/relay/relay.ts';
import { createRelay } from '#server/socket/create-relay.ts';
import { missingJob } from '#server/snapshots/missing-job.ts';
import type { Database } from '#server/store/database.ts';
import type { SegmentKey } from '#server/store/snapshots.ts';
import { noon } from './stored-log.ts';

export interface RelayServer {
  readonly relay: Relay;
  readonly metrics: Metrics;
  /** `ws://127.0.0.1:…` */
  readonly url: string;
  close(): Promise<void>;
}

/** Waits short enough for tests; the session check is off unless a test asks for it. */
const testWaits: NonNullable<RelayDeps['waits']> = {
  receiptsMs: 5,
  noticesMs: 1,
  tickMs: 20,
  presenceMs: 1_000,
  sessionCheckMs: 60_000,
};

export async function startRelay(database: Database, changes: Partial<RelayDeps> = {}): Promise<RelayServer> {
  const metrics = createMetrics({ process: false });
  const { waits, ...others } = changes;
  const relay = await createRelay({
    database,
    logger: createLogger('silent'),
    metrics,
    now: () => noon,
    sessionOf: (request) => sessionOf(database, request),
    allowedOrigin: (request) => request.headers.origin === undefined || request.headers.origin === 'http://here',
    missing: (key, stateVector) => missing(database, key, stateVector),
    waits: { ...testWaits, ...waits },
    ...others,
  });
  const server = createServer((_request, response) => response.end());
  relay.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    relay,
    metrics,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await relay.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the cookie `sid` names. */
async function sessionOf(database: Database, request: IncomingMessage): Promise<SignedIn | null> {
  const session = /sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (session === undefined) return null;
  const [row] = await database.query<{ user: UserId; device: DeviceId | null }>(
    `SELECT sess->'principal'->>'user' AS user, sess->'principal'->>'device' AS device FROM sessions WHERE sid = $1 AND expire > now()`,
    [session],
  );
  return row ? { ...row, session } : null;
}

/** What the snapshot worker does, here in the same thread. */
async function missing(database: Database, key: SegmentKey, stateVector: Uint8Array): Promise<Uint8Array> {
  const session = await database.session();
  try {
    return await missingJob(session, key, { rows: 10_000, bytes: 100_000_000 }, stateVector);
  } finally {
    session.release();
  }
}
