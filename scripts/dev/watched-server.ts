import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The server as a process that begins anew whenever its code changes. */
export interface WatchedServer {
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Resolves when it ended by itself, with its exit code. */
  readonly ended: Promise<number | null>;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** How long an orderly end may take, ms. */
const patience = 5_000;

/** @param env settings, by the names of `.env.example`, above those of this process */
export function startWatchedServer(env: Readonly<Record<string, string>>): WatchedServer {
  const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
  const child = spawn(
    process.execPath,
    ['--import', './scripts/setup/follow-parent.mjs', tsx, 'watch', '--clear-screen=false', 'sync-server/main.ts'],
    {
      cwd: repository,
      env: { ...process.env, ...env },
      // Its own address is not the one to open. The channel tells it when this process is gone, even by kill -9.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // A group of its own: Ctrl+C in the terminal reaches it through us alone, once.
      detached: true,
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    ended,
    async stop() {
      signal(child, 'SIGTERM');
      const late = setTimeout(() => signal(child, 'SIGKILL'), patience);
      await ended;
      clearTimeout(late);
    },
  };
}

/** To the watcher and to the server it runs. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It ended between the two looks.
  }
}
