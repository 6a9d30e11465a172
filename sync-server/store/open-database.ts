import type { Config } from '../config.ts';
import { liveHolder, takeDataFolder } from '../data-folder.ts';
import type { Logger } from '../logger.ts';
import { StartupError } from '../startup-error.ts';
import { isRetryable } from './database-errors.ts';
import { openDatabase, type Database } from './database.ts';
import { openEmbeddedPostgres, readConnectionUrl } from './embedded-postgres.ts';
import { migrate, migrationFolder, readMigrations } from './migrate.ts';

/** A database ready for use: reached, and with the structure this version needs. */
export interface OpenDatabase {
  readonly database: Database;
  /** Closes the connections, and stops the built-in PostgreSQL where there is one. */
  close(): Promise<void>;
}

/**
 * The server's database, as the settings say. The caller holds the lock of the data folder.
 * @throws StartupError when it cannot be reached or does not fit, saying what to do
 */
export async function openServerDatabase(config: Config, logger: Logger): Promise<OpenDatabase> {
  if (config.database.kind === 'external') return connect(config.database.url, config, logger, () => Promise.resolve());
  const embedded = await openEmbeddedPostgres(config.dataDir, logger);
  try {
    return await connect(embedded.url, config, logger, () => embedded.stop());
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/**
 * The same database for a command that may run beside the server: where the server runs the built-in PostgreSQL, that one
 * is used; where none runs, it is started for the time of the command, which holds the folder's lock meanwhile.
 */
export async function openCommandDatabase(config: Config, logger: Logger): Promise<OpenDatabase> {
  if (config.database.kind === 'external') return openServerDatabase(config, logger);
  if ((await liveHolder(config.dataDir)) !== undefined) {
    const url = await readConnectionUrl(config.dataDir);
    if (url === undefined || url === '')
      throw new StartupError('the server in this data folder is still starting. Try again when it shows its address.');
    return connect(url, config, logger, () => Promise.resolve());
  }
  const folder = await takeDataFolder(config.dataDir);
  try {
    const open = await openServerDatabase(config, logger);
    return { database: open.database, close: () => inTurn(open.close, folder.release) };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

async function connect(url: string, config: Config, logger: Logger, stop: () => Promise<void>): Promise<OpenDatabase> {
  const database = openDatabase({ url, poolSize: config.database.poolSize, logger });
  try {
    await database.query('SELECT 1');
    await migrate(database, await readMigrations(migrationFolder), logger);
  } catch (error) {
    await database.close();
    throw explain(error, url);
  }
  return { database, close: () => inTurn(database.close, stop) };
}

/** The second is done even when the first fails. */
async function inTurn(first: () => Promise<void>, second: () => Promise<void>): Promise<void> {
  try {
    await first();
  } finally {
    await second();
  }
}

/** The address without the password: this goes to a screen or into a log. */
function explain(error: unknown, url: string): unknown {
  if (error instanceof StartupError) return error;
  const { host, pathname, username } = new URL(url);
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const where = `the database${pathname} at ${host}`;
  if (code === '28P01' || code === '28000')
    return new StartupError(
      `${where} does not accept the user "${username}" with this password. Correct DATABASE_URL.`,
    );
  if (code === '3D000')
    return new StartupError(
      `${where} does not exist. Create it (createdb${pathname.replace('/', ' ')}), or correct DATABASE_URL.`,
    );
  if (code === '42501')
    return new StartupError(
      `the user "${username}" may not create tables in ${where}. Give it the rights, for instance by making it the owner.`,
    );
  if (isRetryable(error)) {
    const reason = typeof code === 'string' ? code : error instanceof Error ? error.message : 'no reason given';
    return new StartupError(`${where} cannot be reached (${reason}). Is it running, and is DATABASE_URL right?`);
  }
  return error;
}
