import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../logger.ts';
import { StartupError } from '../startup-error.ts';
import type { Database, DatabaseSession } from './database.ts';

/** One file of `schema/sql`. */
export interface Migration {
  /** The file's name without `.sql`; its number decides the order. */
  readonly name: string;
  readonly sql: string;
  /** sha256 of the text, hexadecimal. */
  readonly checksum: string;
}

/** Where the migrations of this version stand. */
export const migrationFolder: string = fileURLToPath(new URL('../../schema/sql', import.meta.url));

const fileName = /^(\d{4})-[a-z0-9-]+\.sql$/;
/** The same number in every version of the server: two that start at once migrate one after the other. */
const advisoryLock = 4_862_117_301;
/** The oldest PostgreSQL whose features the migrations use. */
const oldestPostgres = 15;

/** Reads the migrations of a folder in the order of their numbers. `structure.sql`, the dump of the result, is not one. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql') && name !== 'structure.sql').sort();
  const numbers = new Set<string>();
  const migrations: Migration[] = [];
  for (const name of names) {
    const number = fileName.exec(name)?.[1];
    if (number === undefined) throw new Error(`${name}: a migration is named NNNN-what-it-does.sql`);
    if (numbers.has(number)) throw new Error(`${name}: another migration has the number ${number}`);
    numbers.add(number);
    const sql = await readFile(join(folder, name), 'utf8');
    migrations.push({
      name: name.slice(0, -'.sql'.length),
      sql,
      checksum: createHash('sha256').update(sql).digest('hex'),
    });
  }
  return migrations;
}

/**
 * Brings the database to the structure this version needs. Forward only; each migration is one transaction together
 * with its record, so a crash leaves either all of it or nothing; an advisory lock keeps two servers from doing it at once.
 * @returns the names of what was applied now
 * @throws StartupError if the database is too old a PostgreSQL, newer than this code, or was made by other migrations
 */
export async function migrate(database: Database, migrations: readonly Migration[], logger: Logger): Promise<string[]> {
  const session = await database.session();
  try {
    await requirePostgres(session);
    // A large migration may take longer than any statement of the running server; so may waiting for another server's.
    await session.query('SET statement_timeout = 0');
    await session.query('SET idle_in_transaction_session_timeout = 0');
    await session.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await session.query(`CREATE TABLE IF NOT EXISTS migrations (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const applied = await session.query<AppliedRow>('SELECT name, checksum FROM migrations ORDER BY name COLLATE "C"');
    const pending = pendingMigrations(applied, migrations);
    for (const migration of pending) await apply(session, migration, logger);
    return pending.map((migration) => migration.name);
  } finally {
    // Closes the connection, and the lock with it.
    session.release();
  }
}

/** A row of the table `migrations`. */
interface AppliedRow extends Record<string, unknown> {
  readonly name: string;
  readonly checksum: string;
}

/**
 * What is still to be done, given what was done.
 * @throws StartupError if what was done is not the beginning of what this version knows
 */
export function pendingMigrations(applied: readonly AppliedRow[], known: readonly Migration[]): Migration[] {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  const unknown = applied.filter((row) => !byName.has(row.name)).map((row) => row.name);
  if (unknown.length > 0) {
    throw new StartupError(
      `the database is newer than this version: it holds ${unknown.join(', ')}. Run the version that made it, or a later one; or restore a backup from before the update.`,
    );
  }
  const changed = applied.filter((row) => byName.get(row.name)?.checksum !== row.checksum).map((row) => row.name);
  if (changed.length > 0) {
    throw new StartupError(
      `${changed.join(', ')} in schema/sql changed after being applied to this database. Put the file back as it was and write a new migration; or start with an empty database.`,
    );
  }
  const done = new Set(applied.map((row) => row.name));
  const last = applied.at(-1)?.name ?? '';
  const pending = known.filter((migration) => !done.has(migration.name));
  const late = pending.filter((migration) => migration.name < last).map((migration) => migration.name);
  if (late.length > 0) {
    throw new StartupError(
      `${late.join(', ')} in schema/sql is numbered before ${last}, which this database already has. Give it a higher number.`,
    );
  }
  return pending;
}

async function apply(session: DatabaseSession, migration: Migration, logger: Logger): Promise<void> {
  try {
    await session.query('BEGIN');
    await session.query(migration.sql);
    await session.query('INSERT INTO migrations (name, checksum) VALUES ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
    await session.query('COMMIT');
  } catch (error) {
    throw new Error(`migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  logger.info({ migration: migration.name }, 'migration applied');
}

async function requirePostgres(session: DatabaseSession): Promise<void> {
  const [row] = await session.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const major = Math.floor((row?.version ?? 0) / 10_000);
  if (major < oldestPostgres)
    throw new StartupError(`the database is PostgreSQL ${major}; ${oldestPostgres} or later is needed.`);
}
