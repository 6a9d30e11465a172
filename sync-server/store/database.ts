import pg from 'pg';
import type { Logger } from '../logger.ts';

export type Row = Record<string, unknown>;

/** Where a statement can be sent: the pool (each statement its own transaction) or one open transaction. */
export interface Queryable {
  /**
   * Runs one statement and gives its rows.
   * @param name keeps the statement prepared under that name on each connection: for those on the hot path
   */
  query<R extends Row = Row>(text: string, values?: readonly unknown[], name?: string): Promise<R[]>;
}

/** The door to PostgreSQL. All SQL of the server goes through here, from files of `sync-server/store/`. */
export interface Database extends Queryable {
  /** The connection string, for a thread that opens connections of its own. It holds the password: not for a log. */
  readonly url: string;
  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. Not tried again by
   * itself: `classifyDatabaseError` says when that is right.
   */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /**
   * One connection kept outside the pool's turnover, for LISTEN or a session's advisory lock. The caller ends it with `release`, which
   * closes the connection, so nothing of the session survives. One that is lost has released itself.
   */
  session(): Promise<DatabaseSession>;
  /** Waits for what runs, then closes every connection. */
  close(): Promise<void>;
}

/** A connection of one's own. */
export interface DatabaseSession extends Queryable {
  /** Called for each NOTIFY on a channel this session listens to. */
  onNotification(listener: (channel: string, payload: string) => void): void;
  /** Called once when the connection is lost, after its place in the pool was given back. */
  onLost(listener: (error: Error) => void): void;
  /** Harmless when it was released before. */
  release(): void;
}

/** How to reach the database, and with what patience. */
export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  readonly logger: Logger;
  /** A statement that runs longer is cancelled; milliseconds. */
  readonly statementTimeout?: number;
}

/** Long enough for a snapshot of a large month, short enough that a stuck statement frees its connection. */
const defaultStatementTimeout = 30_000;
/** How long a caller waits for a free connection; above it the database counts as unreachable. */
const connectTimeout = 10_000;

/** Opens a pool. Nothing is connected until the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: 'chatsync-plus',
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: 60_000,
    statement_timeout: options.statementTimeout ?? defaultStatementTimeout,
    // A transaction forgotten by a stalled process would hold its locks for ever.
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A connection that breaks while idle: the pool opens another for the next statement.
  let closing = false;
  pool.on('error', (error) => {
    if (!closing) options.logger.warn({ err: error }, 'an idle database connection was lost');
  });

  return {
    url: options.url,
    query: (text, values, name) => run(pool, text, values, name),
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      // A client checked out of the pool has no listener of its own: without one a cut connection ends the process.
      const onError = (error: Error): void => void (broken = error);
      client.on('error', onError);
      try {
        await client.query('BEGIN');
        const result = await work({ query: (text, values, name) => run(client, text, values, name) });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((lost: Error) => void (broken = lost));
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    async session() {
      const client = await pool.connect();
      return sessionOf(client, options.logger);
    },
    close() {
      closing = true;
      return pool.end();
    },
  };
}

function sessionOf(client: pg.PoolClient, logger: Logger): DatabaseSession {
  let released = false;
  const release = (): void => {
    if (released) return;
    released = true;
    client.release(true);
  };
  // A place that a lost connection kept would be gone for good: the pool runs dry, and never ends.
  client.on('error', (error) => {
    if (!released) logger.warn({ err: error }, 'a database session was lost');
    release();
  });
  return {
    query: (text, values, name) => run(client, text, values, name),
    onNotification(listener) {
      client.on('notification', (message) => listener(message.channel, message.payload ?? ''));
    },
    onLost(listener) {
      client.once('error', listener);
    },
    release,
  };
}

async function run<R extends Row>(
  to: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[] = [],
  name?: string,
): Promise<R[]> {
  const result = await to.query<R>(
    name === undefined ? { text, values: [...values] } : { text, values: [...values], name },
  );
  return result.rows;
}

/** https://github.com/brianc/node-pg-types: the type's own number in `pg_type`. */
const int8 = 20;
const int8Array = 1016;

const parseInt8 = (text: string): number | bigint => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
};

/**
 * `bigint` comes as a number where that is exact, which all our counters and clocks are for 285,000 years; what is
 * not exact comes as a BigInt rather than rounded in silence. Set for these pools only: pg's own switch is for the
 * whole process.
 */
const getTypeParser: typeof pg.types.getTypeParser = (oid, format) => {
  const type: number = oid;
  if (format === 'binary') return pg.types.getTypeParser(oid, format);
  if (type === int8) return parseInt8;
  if (type === int8Array) return parseInt8Array;
  return pg.types.getTypeParser(oid, format);
};

/** `{1,2,NULL}`: one dimension is all that our statements return. */
function parseInt8Array(text: string): (number | bigint | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((entry) => (entry === 'NULL' ? null : parseInt8(entry)));
}
