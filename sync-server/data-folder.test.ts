import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { liveHolder, loadSessionSecret, takeDataFolder } from './data-folder.ts';

let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'chatsync-folder-'))));
afterEach(() => rm(home, { recursive: true, force: true }));

test('a folder is made where it is missing, held, and free again after release', async () => {
  const path = join(home, 'a/b');
  const folder = await takeDataFolder(path);
  expect(await liveHolder(path)).toBe(process.pid);
  await expect(takeDataFolder(path)).rejects.toThrow(`is in use by another server (process ${process.pid})`);
  await folder.release();
  expect(await liveHolder(path)).toBeUndefined();
  await (await takeDataFolder(path)).release();
});

test.each([
  ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, identity: 'gone' })],
  ['another process that got the same number', JSON.stringify({ pid: process.pid, identity: 'an earlier one' })],
  ['nobody, after a power cut', ''],
])('the lock of %s is taken over', async (_, text) => {
  await writeFile(join(home, 'server.lock'), text);
  const folder = await takeDataFolder(home);
  expect(await liveHolder(home)).toBe(process.pid);
  await folder.release();
});

test('of many that start at once on a stale lock, one gets the folder', async () => {
  await writeFile(join(home, 'server.lock'), '');
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeDataFolder(home)));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test('release leaves a lock alone that somebody else took meanwhile', async () => {
  const folder = await takeDataFolder(home);
  const other = JSON.stringify({ pid: 1, identity: 'other' });
  await writeFile(join(home, 'server.lock'), other);
  await folder.release();
  expect(await readFile(join(home, 'server.lock'), 'utf8')).toBe(other);
});

test('a folder that cannot be made is refused with what to do', async () => {
  await writeFile(join(home, 'file'), '');
  await expect(takeDataFolder(join(home, 'file/data'))).rejects.toThrow('Set DATA_DIR to a folder of your own');
});

test('the session secret is made once, kept for the owner alone, and the one given wins', async () => {
  const folder = await takeDataFolder(home);
  const made = await loadSessionSecret(folder, undefined);
  expect(made.length).toBeGreaterThanOrEqual(32);
  expect(await loadSessionSecret(folder, undefined)).toBe(made);
  expect((await stat(join(home, 'session-secret'))).mode & 0o777).toBe(0o600);
  expect(await loadSessionSecret(folder, 'given')).toBe('given');
});
