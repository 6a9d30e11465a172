import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { ConversationId } from '#schema/ids.ts';
import { startChores } from './chores.ts';
import type { Config } from './config.ts';
import { createHttpApp } from './http/create-http-app.ts';
import { createOriginCheck } from './http/own-origin.ts';
import { createPasswords } from './http/passwords.ts';
import { createRateLimits } from './http/rate-limits.ts';
import { createSegmentRoutes } from './http/segments.ts';
import { createSessions } from './http/sessions.ts';
import type { Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createRelay } from './socket/create-relay.ts';
import { createSnapshots } from './snapshots/create-snapshots.ts';
import type { Database } from './store/database.ts';
import { migrationFolder, readMigrations } from './store/migrate.ts';

/** What a server is made from. */
export interface SyncServerParts {
  readonly config: Config;
  /** Migrated. It stays the caller's: closed after the server. */
  readonly database: Database;
  readonly logger: Logger;
  readonly sessionSecret: string;
  /** Where to count; a registry of the server's own when left out. */
  readonly metrics?: Metrics;
  /** The built app. */
  readonly clientFolder?: string;
  /** bcrypt's cost: see `PasswordOptions`. */
  readonly passwordCost?: number;
  /** ms since 1970. */
  readonly now?: () => number;
}

/** One server, not listening yet. Two of them live in one process without knowing of each other. */
export interface SyncServer {
  readonly http: Server;
  /** Ends every connection in order: sockets are told to come back (1001), requests under way are answered. */
  close(): Promise<void>;
}

/** Made by `npm run build`. */
const builtClient = fileURLToPath(new URL('../dist/client', import.meta.url));
/** 2^12 rounds: about 0.3 s. The OWASP Password Storage Cheat Sheet asks for 10 at the least. */
const defaultPasswordCost = 12;
/** Two of libuv's four threads at most compute passwords; the others go on serving files and names. */
const passwordsAtOnce = 2;
/** At 0.15 s each for two at once, the last in the queue waits 15 s. */
const passwordsWaiting = 100;
/** How long requests under way may take to end when the server closes, in ms. */
const closingPatience = 5_000;

/** Composes the server. Nothing here listens yet, but timers and the snapshot worker run: close it. */
export async function createSyncServer(parts: SyncServerParts): Promise<SyncServer> {
  const { config, database, logger } = parts;
  const now = parts.now ?? Date.now;
  const metrics = parts.metrics ?? createMetrics({ process: false });
  const origin = { publicUrl: config.publicUrl, trustProxy: config.trustProxy };
  const allowedOrigin = createOriginCheck(origin);
  const [migrations, passwords] = await Promise.all([
    readMigrations(migrationFolder),
    createPasswords({
      cost: parts.passwordCost ?? defaultPasswordCost,
      atOnce: passwordsAtOnce,
      waiting: passwordsWaiting,
    }),
  ]);
  const secure = config.publicUrl?.startsWith('https:') === true;
  const sessions = createSessions({ database, logger, secret: parts.sessionSecret, secure, now });
  const snapshots = createSnapshots({
    database,
    logger,
    logLevel: config.logLevel,
    metrics,
    now,
    start: randomUUID() as ConversationId,
  });
  const relay = await createRelay({
    database,
    logger,
    metrics,
    now,
    sessionOf: sessions.sessionOf,
    allowedOrigin,
    missing: snapshots.missing,
  });
  const app = createHttpApp({
    database,
    logger,
    relay,
    sessions,
    passwords,
    limits: createRateLimits(config.rateLimits),
    metrics,
    metricsToken: config.metricsToken,
    origin,
    allowedOrigin,
    migrations: migrations.map((migration) => migration.name),
    clientFolder: parts.clientFolder ?? builtClient,
    segmentRoutes: createSegmentRoutes({ database, snapshots, metrics, now: () => performance.now() }),
  });
  const chores = startChores(database, logger);
  const http = createServer(app);
  relay.attach(http);

  return {
    http,
    async close() {
      const ended = endRequests(http);
      await Promise.all([ended, relay.close(), snapshots.close(), chores.close()]);
      sessions.close();
    },
  };
}

/** How often connections that fell idle are looked for meanwhile, in ms. */
const idleCheck = 50;

/** Takes no more connections, lets what is under way end, and cuts what takes too long. */
function endRequests(http: Server): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => http.closeIdleConnections(), idleCheck);
    const late = setTimeout(() => http.closeAllConnections(), closingPatience);
    // An error says only that it never listened.
    http.close(() => {
      clearInterval(idle);
      clearTimeout(late);
      resolve();
    });
  });
}
