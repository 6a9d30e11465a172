import { chromium, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchOptions } from './chromium.ts';

/** A browser on a profile of its own, on the disk: what has none keeps IndexedDB in memory, where durable writes cost nothing. */
export interface Profile {
  readonly context: BrowserContext;
  /** Closes the browser and deletes the profile. */
  close(): Promise<void>;
}

/** Starts Chromium on a new profile. */
export async function openProfile(executablePath: string, options: BrowserContextOptions = {}): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'chatsync-bench-profile-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const context = await chromium.launchPersistentContext(folder, {
      ...launchOptions(executablePath),
      locale: 'en-GB',
      timezoneId: 'UTC',
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    return {
      context,
      async close() {
        await context.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
