import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { identifyProcess } from './process-identity.ts';
import { StartupError } from './startup-error.ts';

/** The folder that holds all of a server's data, held by this process alone until `release`. */
export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  release(): Promise<void>;
}

const lockSchema = z.object({ pid: z.int().positive(), identity: z.string() });
type Lock = z.infer<typeof lockSchema>;

const lockFile = (folder: string): string => join(folder, 'server.lock');

/**
 * Makes the folder where it is missing and takes its lock. A lock whose process is gone is taken over, so a server that was killed starts
 * again without anybody's help.
 * @throws StartupError when another server uses the folder, or when it cannot be written
 */
export async function takeDataFolder(path: string): Promise<DataFolder> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new StartupError(
      `the data folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). Set DATA_DIR to a folder of your own.`,
    );
  }
  const mine: Lock = { pid: process.pid, identity: identifyProcess(process.pid) ?? '' };
  const text = `${JSON.stringify(mine)}\n`;
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      await writeFile(lockFile(path), text, { flag: 'wx' });
      return { path, release: () => releaseLock(path, text) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await liveHolder(path);
    if (holder !== undefined) throw inUse(path, holder);
    await removeStaleLock(path);
  }
  throw new StartupError(`the data folder ${path} is being taken by several servers at once. Start one of them.`);
}

/** The process that uses a data folder now; undefined when none does. */
export async function liveHolder(path: string): Promise<number | undefined> {
  const lock = await readLock(lockFile(path));
  return lock !== undefined && identifyProcess(lock.pid) === lock.identity ? lock.pid : undefined;
}

/** A lock that cannot be read (an empty file after a power cut) is nobody's. */
async function readLock(file: string): Promise<Lock | undefined> {
  try {
    return lockSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Moved away first and looked at again: another starter may have put its own, live lock there in between. */
async function removeStaleLock(path: string): Promise<void> {
  const aside = `${lockFile(path)}.${process.pid}`;
  try {
    await rename(lockFile(path), aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const lock = await readLock(aside);
  if (lock !== undefined && identifyProcess(lock.pid) === lock.identity) {
    await link(aside, lockFile(path)).catch(() => undefined);
    await rm(aside, { force: true });
    throw inUse(path, lock.pid);
  }
  await rm(aside, { force: true });
}

async function releaseLock(path: string, text: string): Promise<void> {
  const current = await readFile(lockFile(path), 'utf8').catch(() => '');
  if (current === text) await rm(lockFile(path), { force: true });
}

function inUse(path: string, pid: number): StartupError {
  return new StartupError(
    `the data folder ${path} is in use by another server (process ${pid}). Stop that one, or set DATA_DIR to another folder.`,
  );
}

/** The secret that signs session cookies: the one given, or one made once and kept in the folder, readable by us alone. */
export async function loadSessionSecret(folder: DataFolder, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const file = join(folder.path, 'session-secret');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim().length >= 32) return kept.trim();
  const made = randomBytes(32).toString('base64url');
  await writeFile(`${file}.new`, `${made}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}
