import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readFile, readlink, rename, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import * as z from 'zod';
import type { Logger } from '../logger.ts';
import { StartupError } from '../startup-error.ts';
import { findEmbeddedBinaries, sharedFolder } from './postgres-binaries.ts';
import {
  adoptCluster,
  clusterUrl,
  clusterUser,
  initialiseCluster,
  isInitialised,
  runProgram,
  startCluster,
  type Cluster,
} from './postgres-cluster.ts';
import { isPostgres, stopFolder, stopPostmaster, type Postmaster } from './postmaster.ts';
import { canEnter, findRunAs, type RunAs } from './run-as.ts';

/** A PostgreSQL of the server's own, in its data folder. */
export interface EmbeddedPostgres {
  /** A connection string; it stays true while the database runs, also when it had to be started again. */
  readonly url: string;
  /** Stops it in order. */
  stop(): Promise<void>;
}

/** `database.json` in the data folder: how another process of the same person reaches the database. Readable by its owner alone. */
const connectionSchema = z.object({ url: z.string(), port: z.int().min(0).max(65_535), password: z.string().min(16) });
type Connection = z.infer<typeof connectionSchema>;

const databaseName = 'chatsync';
/** Half of a small machine's memory is left to the server and the system; fsync and synchronous_commit stay on, as R3 asks. */
const settings = [
  'shared_buffers=128MB',
  'max_wal_size=512MB',
  'checkpoint_timeout=15min',
  'max_parallel_workers_per_gather=0',
  'wal_compression=on',
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
];
/** The log is begun anew above this, at a start: 10 MB. */
const largestLog = 10 * 1024 * 1024;
/** How often the life of the database is looked at; milliseconds. */
const watchEvery = 1_000;

/**
 * Starts the PostgreSQL of a data folder: makes it at the first start, adopts the one that a killed server left running, starts it again
 * should it die. The caller holds the folder's lock.
 * @throws StartupError where it cannot run here, saying what to do
 */
export async function openEmbeddedPostgres(dataDir: string, logger: Logger): Promise<EmbeddedPostgres> {
  const { cluster, connection } = await prepare(dataDir);
  await trimLog(cluster.logFile);
  let running =
    (await adoptCluster(cluster)) ?? (await startCluster(cluster, { port: connection.port, orAnother: true }));
  const url = clusterUrl(cluster.password, running.port, databaseName);
  await writeConnection(dataDir, { url, port: running.port, password: cluster.password });
  await createDatabase(cluster, running);

  const supervisor = supervise(
    cluster,
    () => running,
    async () => {
      logger.error('the database ended; starting it again');
      // The pool of the server knows one address: on another port it would never find its database again.
      running = await startCluster(cluster, { port: running.port, orAnother: false });
      logger.info('the database runs again');
    },
    logger,
  );
  return {
    url,
    async stop() {
      await supervisor.stop();
      await stopPostmaster({ pid: running.pid, folder: cluster.folder });
    },
  };
}

/** How to reach the database of a data folder whose server runs; undefined when there is no such file. */
export async function readConnectionUrl(dataDir: string): Promise<string | undefined> {
  return (await readConnection(dataDir))?.url;
}

async function prepare(dataDir: string): Promise<{ cluster: Cluster; connection: Connection }> {
  try {
    const { folder, runAs } = await findPlace(dataDir);
    const binaries = await findEmbeddedBinaries(runAs);
    const kept = await readConnection(dataDir);
    const connection = kept ?? { url: '', port: 0, password: randomBytes(24).toString('base64url') };
    const cluster: Cluster = {
      binaries,
      folder,
      runAs,
      password: connection.password,
      settings,
      logFile: join(dataDir, 'postgres.log'),
    };
    if (!(await isInitialised(folder))) {
      await writeConnection(dataDir, connection);
      await initialiseCluster(cluster);
    } else {
      await requireVersion(cluster);
      if (kept === undefined) await resetPassword(cluster);
    }
    return { cluster, connection };
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `the built-in database cannot be prepared in ${dataDir}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * The cluster's own folder, and whom to run it as. Normally `postgres` in the data folder. Where root keeps the data in a
 * home folder that PostgreSQL's user cannot enter, that is a link to a folder under /var/lib.
 */
async function findPlace(dataDir: string): Promise<{ folder: string; runAs: RunAs | undefined }> {
  const wished = join(dataDir, 'postgres');
  const there = await lstat(wished).catch(() => undefined);
  const folder = there?.isSymbolicLink() === true ? await readlink(wished) : wished;
  const owner = await stat(folder).catch(() => undefined);
  const me = process.getuid?.() ?? 0;
  if (owner !== undefined && me !== 0 && owner.uid !== me) {
    throw new StartupError(
      `${folder} belongs to another user (number ${owner.uid}). Start the server as that user, or set DATA_DIR to a folder of your own.`,
    );
  }
  const runAs =
    me === 0 && owner !== undefined && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : await findRunAs();
  if (there !== undefined || (await canEnter(dataDir, runAs))) return { folder, runAs };

  await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
  const elsewhere = join(sharedFolder, `data-${randomBytes(8).toString('hex')}`);
  await symlink(elsewhere, wished);
  return { folder: elsewhere, runAs };
}

async function requireVersion(cluster: Cluster): Promise<void> {
  const version = (await readFile(join(cluster.folder, 'PG_VERSION'), 'utf8')).trim();
  if (version === String(cluster.binaries.major)) return;
  throw new StartupError(
    `the data in ${cluster.folder} was made by PostgreSQL ${version}, and this version brings ${cluster.binaries.major}. Export it with the old version (docs/OPERATIONS.md) and import it into a new folder.`,
  );
}

/** `database.json` was lost: whoever owns the files may set a new password, without the server running. */
async function resetPassword(cluster: Cluster): Promise<void> {
  await stopFolder(cluster.folder);
  await runProgram(
    cluster,
    'postgres',
    ['--single', '-D', cluster.folder, 'postgres'],
    `ALTER ROLE ${clusterUser} PASSWORD '${cluster.password}'\n`,
  );
}

async function createDatabase(cluster: Cluster, running: Postmaster): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl(cluster.password, running.port, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}

/** Looks at the postmaster now and then: it may be adopted, so no event of a child process tells of its end. */
function supervise(
  cluster: Cluster,
  running: () => Postmaster,
  restart: () => Promise<void>,
  logger: Logger,
): { stop(): Promise<void> } {
  let stopped = false;
  let work = Promise.resolve();
  const look = async (): Promise<void> => {
    if (await isPostgres(running().pid, cluster.folder)) return;
    if (!stopped) await restart();
  };
  const timer = setInterval(() => {
    work = work
      .then(() => (stopped ? undefined : look()))
      .catch((error: unknown) => logger.error({ err: error }, 'the database could not be started again'));
  }, watchEvery);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await work;
    },
  };
}

async function trimLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLog) await truncate(file, 0);
}

const connectionFile = (dataDir: string): string => join(dataDir, 'database.json');

async function readConnection(dataDir: string): Promise<Connection | undefined> {
  try {
    return connectionSchema.parse(JSON.parse(await readFile(connectionFile(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

async function writeConnection(dataDir: string, connection: Connection): Promise<void> {
  const file = connectionFile(dataDir);
  await writeFile(`${file}.new`, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
