import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A postmaster, by its own account: the first process of a running PostgreSQL. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** https://www.postgresql.org/docs/current/storage-file-layout.html: the first lines are pid, folder, start time, port. */
export async function readPostmasterFile(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return pid !== undefined && port !== undefined && pid > 1 && port > 0 ? { pid, port } : undefined;
}

/** Numbers of processes are used again: before one is trusted or stopped, it must be a postgres in this folder. */
export async function isPostgres(pid: number, folder: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('postgres') && command.split('\0').includes(folder);
}

/** Whether a process of that number lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Stops a postmaster: in order (SIGINT, the fast shutdown), and after `patience` milliseconds at once (SIGQUIT), which loses nothing that
 * was committed. Gives true when it is gone.
 */
export async function stopPostmaster(
  { pid, folder }: { readonly pid: number; readonly folder: string },
  patience = 20_000,
): Promise<boolean> {
  for (const [signal, wait] of [
    ['SIGINT', patience],
    ['SIGQUIT', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return true;
    }
    const deadline = Date.now() + wait;
    while (Date.now() < deadline) {
      // The second question is for a system that leaves the dead in its table: they have a number and no command.
      if (!isAlive(pid) || !(await isPostgres(pid, folder))) return true;
      await delay(25);
    }
  }
  return !isAlive(pid);
}

/** The stop of the cluster of a folder, whoever started it: for tests that killed its server. */
export async function stopFolder(folder: string): Promise<void> {
  const left = await readPostmasterFile(folder);
  if (left !== undefined && (await isPostgres(left.pid, folder))) await stopPostmaster({ pid: left.pid, folder });
}
