import type { BrowserContext } from '@playwright/test';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Ends the browser that holds a profile, all its processes at once, and waits until that is noticed. Its lock in the profile, a link
 * named `host-pid`, tells its number; the next start takes a lock over whose process is gone.
 */
export async function killBrowser(context: BrowserContext, profile: string): Promise<void> {
  const lock = await readlink(join(profile, 'SingletonLock'));
  const pid = Number(lock.slice(lock.lastIndexOf('-') + 1));
  if (!Number.isInteger(pid) || pid <= 1)
    throw new Error(`the lock of the profile ${profile} names no process: ${lock}`);
  const closed = new Promise<void>((resolve) => void context.once('close', () => resolve()));
  process.kill(-pid, 'SIGKILL');
  await closed;
}
