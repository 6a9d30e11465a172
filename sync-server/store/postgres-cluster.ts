import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { isAlive, isPostgres, readPostmasterFile, stopPostmaster, type Postmaster } from './postmaster.ts';
import type { RunAs } from './run-as.ts';

/**
 * One PostgreSQL of our own, in one folder: made, started, found again after a crash, stopped.
 * Listens on 127.0.0.1 only, with a password. It is a process group of its own, so that Ctrl+C reaches the server
 * alone, which then stops it in order.
 */
export interface Cluster {
  readonly binaries: PostgresBinaries;
  /** Absolute; `runAs` can enter it. */
  readonly folder: string;
  readonly runAs: RunAs | undefined;
  readonly password: string;
  /** `name=value` for postgres, above the defaults of this file. */
  readonly settings: readonly string[];
  /** Where postgres writes what it has to say. A file, not a pipe: it outlives a server that was killed. */
  readonly logFile: string;
}

/** The superuser of a cluster; the server is its only user. */
export const clusterUser = 'chatsync';

/** Every cluster: small-machine settings, everything durable. */
const commonSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=100',
  'jit=off',
  'huge_pages=off',
  'log_checkpoints=off',
  'log_min_messages=warning',
];

/** Whether the folder holds a complete cluster. */
export async function isInitialised(folder: string): Promise<boolean> {
  return stat(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

/** Makes the cluster's files, beside the folder and then moved: it is there whole or not at all. */
export async function initialiseCluster(cluster: Cluster, flags: readonly string[] = []): Promise<void> {
  // A name of its own: the initdb of a server that was killed may still be writing into an earlier one.
  const unfinished = `${cluster.folder}.unfinished-${randomBytes(4).toString('hex')}`;
  const passwordFile = `${cluster.folder}.password-${randomBytes(4).toString('hex')}`;
  await removeUnfinished(cluster.folder);
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, cluster.password, { mode: 0o600 });
  if (cluster.runAs !== undefined) {
    for (const path of [unfinished, passwordFile]) await chown(path, cluster.runAs.uid, cluster.runAs.gid);
  }
  // From 17 on PostgreSQL has Unicode rules of its own; before, the system's are used. Never the locale of whoever started us.
  const locale =
    cluster.binaries.major >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : ['--locale=C.UTF-8'];
  try {
    await runProgram(cluster, 'initdb', [
      `--pgdata=${unfinished}`,
      '--auth=scram-sha-256',
      `--username=${clusterUser}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      ...locale,
      ...flags,
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, cluster.folder);
}

/** What servers that were killed while making the cluster left behind; what cannot go now goes the next time. */
async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.`;
  const left = (await readdir(dirname(folder))).filter(
    (name) => name.startsWith(`${prefix}unfinished-`) || name.startsWith(`${prefix}password-`),
  );
  await Promise.allSettled(left.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}

/** Runs a program of the installation to its end; its output becomes the error when it fails. */
export async function runProgram(
  cluster: Cluster,
  program: string,
  args: readonly string[],
  input = '',
): Promise<void> {
  const child = spawn(join(cluster.binaries.bin, program), args, {
    ...cluster.runAs,
    cwd: '/',
    env: postgresEnvironment(),
    stdio: 'pipe',
    // Ctrl+C in a terminal ends the server, which waits for what it began.
    detached: true,
  });
  child.stdin.on('error', () => undefined).end(input);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `ended with ${signal ?? code}`));
  });
  if (ended !== '') throw new Error(`${program} ${ended}: ${output.trim().slice(-2000)}`);
}

/** Nothing of ours, above all no PG… variable, changes how postgres behaves. */
function postgresEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/** Which port, and how long to try. */
export interface StartOptions {
  /** The wished port; 0: any. */
  readonly port: number;
  /** Whether another free port will do when the wished one is taken; otherwise it is waited for. */
  readonly orAnother: boolean;
  /** Milliseconds; recovery after a crash counts in. 30 s unless told. */
  readonly patience?: number;
}

/**
 * Starts the cluster and waits until it answers. Tries again until the deadline: right after a kill the old processes
 * may still hold its memory for a moment.
 */
export async function startCluster(cluster: Cluster, options: StartOptions): Promise<Postmaster> {
  const deadline = Date.now() + (options.patience ?? 30_000);
  for (;;) {
    const port = (await freePort(options.port)) ?? (options.orAnother ? await freePort(0) : undefined);
    const failure =
      port === undefined ? `port ${options.port} on 127.0.0.1 is taken` : await tryStart(cluster, port, deadline);
    if (typeof failure !== 'string') return failure;
    if (Date.now() > deadline) throw new Error(`PostgreSQL did not start (its log is ${cluster.logFile}): ${failure}`);
    await delay(250);
  }
}

async function tryStart(cluster: Cluster, port: number, deadline: number): Promise<Postmaster | string> {
  const log = await open(cluster.logFile, 'a', 0o600);
  const settings = [...commonSettings, `port=${port}`, ...cluster.settings].flatMap((setting) => ['-c', setting]);
  const child = spawn(join(cluster.binaries.bin, 'postgres'), ['-D', cluster.folder, ...settings], {
    ...cluster.runAs,
    cwd: '/',
    env: postgresEnvironment(),
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended ??= `it ended with ${signal ?? code}`));
  await log.close();
  child.unref();
  while (ended === undefined && Date.now() < deadline) {
    if (child.pid !== undefined && (await answers(cluster, port))) return { pid: child.pid, port };
    await delay(50);
  }
  if (ended === undefined && child.pid !== undefined) await stopPostmaster({ pid: child.pid, folder: cluster.folder });
  return `${ended ?? 'no answer in time'}. ${await lastLines(cluster.logFile)}`;
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-3).join(' | ');
}

/** Whether a connection with our password succeeds: the only proof that this port is this cluster's. */
async function answers(cluster: Cluster, port: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: clusterUrl(cluster.password, port, 'postgres'),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
    return rows[0]?.folder === cluster.folder;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * The postmaster that a killed server left running in this folder, once it answers; undefined where there is none.
 * One that lives and does not answer is stopped, so that `startCluster` can take its place.
 */
export async function adoptCluster(cluster: Cluster, patience = 10_000): Promise<Postmaster | undefined> {
  const left = await readPostmasterFile(cluster.folder);
  if (left === undefined || !(await isPostgres(left.pid, cluster.folder))) return undefined;
  const deadline = Date.now() + patience;
  while (isAlive(left.pid) && Date.now() < deadline) {
    const port = (await readPostmasterFile(cluster.folder))?.port ?? left.port;
    if (await answers(cluster, port)) return { pid: left.pid, port };
    await delay(100);
  }
  await stopPostmaster({ pid: left.pid, folder: cluster.folder });
  return undefined;
}

/** A connection string for one database of the cluster. */
export function clusterUrl(password: string, port: number, database: string): string {
  return `postgres://${clusterUser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** The port itself where it is free, any free one for 0, else undefined. */
function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host: '127.0.0.1' }, () => {
      const taken = probe.address();
      probe.close(() => resolve(typeof taken === 'object' ? taken?.port : undefined));
    });
  });
}
