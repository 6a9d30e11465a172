import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopFolder } from '#server/store/postmaster.ts';

/** The real server as a process of its own, with the built app. */
export interface TestServer {
  /** `http://localhost:40123`; the same after a restart. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** What it logged so far. */
  logs(): string;
  /** `kill -9`, and waits for the end. The embedded database lives on, as it would. */
  kill(): Promise<void>;
  /** Stops it in order (SIGTERM) and gives its exit code. */
  stop(): Promise<number | null>;
  /** Starts it again on the same port and folder, after `kill` or `stop`. */
  start(): Promise<void>;
  /** The end of the test: the server, the database in its folder, and the folder go, whatever state they are in. */
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** A PostgreSQL to use; otherwise the server runs its own in its data folder. */
  readonly databaseUrl?: string;
  /** Leaves the data folder where no other user can enter, as in a private home. */
  readonly privateFolder?: boolean;
  /** Settings, by the names of `.env.example`, above those for tests. */
  readonly env?: Readonly<Record<string, string>>;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** The first start makes a database: 3 s alone, many times that on a machine that does other things too. */
const patience = 120_000;

/** Starts a server on a free port with a data folder of its own, and waits for its address. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chatsync-server-'));
  if (options.privateFolder !== true) await chmod(dataDir, 0o755);
  let logs = '';
  let port = 0;
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const started = spawnServer(options, port, dataDir);
    child = started;
    started.stderr.setEncoding('utf8').on('data', (text: string) => (logs += text));
    port = await readPort(started, () => logs);
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
    const code = new Promise<number | null>((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    return code;
  };
  const close = async (): Promise<void> => {
    await end('SIGKILL');
    const cluster = join(dataDir, 'postgres');
    const elsewhere = await readlink(cluster).catch(() => undefined);
    await stopFolder(elsewhere ?? cluster);
    if (elsewhere !== undefined) await rm(elsewhere, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  };

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    get url() {
      return `http://localhost:${port}`;
    },
    get port() {
      return port;
    },
    dataDir,
    logs: () => logs,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    start,
    close,
  };
}

type ServerProcess = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

/** Only what a server needs of our environment: a setting of the person who runs the tests must not reach it. */
function spawnServer(options: TestServerOptions, port: number, dataDir: string): ServerProcess {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--import', './scripts/setup/follow-parent.mjs', 'sync-server/main.ts'],
    {
      cwd: repository,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: dataDir,
        ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
        ...options.env,
      },
      // The channel ends with us: a test run that is killed leaves no server behind (follow-parent.mjs).
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('a child with pipes has no pipes');
  return Object.assign(child, { stdout, stderr });
}

/** A server that is expected not to start: how it ended, and all it said. */
export async function tryTestServer(
  options: TestServerOptions,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chatsync-server-'));
  const child = spawnServer(options, 0, dataDir);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const timer = setTimeout(() => child.kill('SIGTERM'), patience);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  await stopFolder(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
  return { code, stdout, stderr };
}

/** The one line on stdout ends with the address. */
function readPort(child: ServerProcess, logs: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new Error(`the server ${what}:\n${output}${logs()}`));
    };
    const timer = setTimeout(() => fail(`gave no address in ${patience / 1000} s`), patience);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? code} before it gave its address`));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const port = /https?:\/\/\S+?:(\d+)\s*$/m.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}
