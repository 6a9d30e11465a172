import { spawn } from 'node:child_process';
import { chown, chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { clusterUrl, initialiseCluster, startCluster, type Cluster } from '#server/store/postgres-cluster.ts';
import { findEmbeddedBinaries, type PostgresBinaries } from '#server/store/postgres-binaries.ts';
import { stopPostmaster } from '#server/store/postmaster.ts';
import { canEnter, findRunAs, type RunAs } from '#server/store/run-as.ts';

/** A throw-away PostgreSQL. */
export interface PostgresServer {
  /** The connection string of one of its databases; `postgres` is always there. */
  url(database: string): string;
  /** Kills it as a power cut would (SIGQUIT: nobody is asked, nothing is flushed) or stops it in order, then starts it on the same port. */
  restart(how: 'killed' | 'in order'): Promise<void>;
  /** Stops it and removes its files. */
  stop(): Promise<void>;
}

/** Which PostgreSQL: the one that comes with the server, or the oldest supported one of the system's packages. */
export type PostgresKind = 'embedded' | 'system';

/** A test may lose everything in a power cut; it may not wait for a disk. */
const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_wal_size=1GB', 'shared_buffers=64MB'];

export interface PostgresServerOptions {
  readonly kind?: PostgresKind;
  /** True where the test kills the database and asks what survived: fsync and all. */
  readonly durable?: boolean;
}

/**
 * Starts one in a folder of its own under the system's temporary folder.
 * @throws Error when that kind is not installed: ask `findPostgres` first
 */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const kind = options.kind ?? 'embedded';
  const runAs = await findRunAs();
  const binaries = await findPostgres(kind, runAs);
  if (binaries === undefined) throw new Error(`there is no PostgreSQL of the kind "${kind}" here`);
  const home = await makeHome(runAs);
  const cluster: Cluster = {
    binaries,
    folder: join(home, 'cluster'),
    runAs,
    password: 'throw-away-password',
    settings: options.durable === true ? [] : fast,
    logFile: join(home, 'postgres.log'),
  };
  const guardian = guard(home);
  await initialiseCluster(cluster, options.durable === true ? [] : ['--no-sync']);
  let running = await startCluster(cluster, { port: 0, orAnother: true });
  return {
    url: (database) => clusterUrl(cluster.password, running.port, database),
    async restart(how) {
      if (how === 'killed') process.kill(running.pid, 'SIGQUIT');
      await stopPostmaster({ pid: running.pid, folder: cluster.folder });
      running = await startCluster(cluster, { port: running.port, orAnother: false });
    },
    async stop() {
      await stopPostmaster({ pid: running.pid, folder: cluster.folder });
      await rm(home, { recursive: true, force: true });
      guardian.end();
    },
  };
}

/** The programs of a kind; undefined where the system has none of version 15 or later. */
export async function findPostgres(
  kind: PostgresKind,
  runAs: RunAs | undefined,
): Promise<PostgresBinaries | undefined> {
  if (kind === 'embedded') return findEmbeddedBinaries(runAs);
  const debian = '/usr/lib/postgresql';
  const majors = (await readdir(debian).catch(() => [])).map(Number).filter((major) => major >= 15);
  const oldest = Math.min(...majors);
  return Number.isFinite(oldest) ? { bin: `${debian}/${oldest}/bin`, major: oldest } : undefined;
}

/**
 * A test run that is killed cannot clean up. This shell outlives it: it waits until we are done or gone (its input ends), then
 * stops what is still running in the folder and removes that.
 */
function guard(home: string): { end(): void } {
  const script =
    'read -r _; pid=$(head -n 1 "$1/cluster/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" && sleep 2; rm -rf "$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'sh', home], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  return { end: () => shell.stdin.end() };
}

/** TMPDIR may lie in a private folder that PostgreSQL's user cannot enter; /tmp never does. */
async function makeHome(runAs: RunAs | undefined): Promise<string> {
  const parent = (await canEnter(tmpdir(), runAs)) ? tmpdir() : '/tmp';
  const home = await mkdtemp(join(parent, 'chatsync-postgres-'));
  await chmod(home, 0o711);
  if (runAs !== undefined) await chown(home, runAs.uid, runAs.gid);
  return home;
}
