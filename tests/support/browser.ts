import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  type Page,
} from '@playwright/test';
import { describe, inject } from 'vitest';
import { launchOptions } from '#scripts/bench/device/chromium.ts';
import { killBrowser } from './kill-browser.ts';

/** What a page may complain about without failing its test: each with the reason beside it in the test. */
export type Allowed = readonly (string | RegExp)[];

export interface ContextOptions extends BrowserContextOptions {
  /** Errors that this test provokes on purpose, as a part of their text. */
  readonly allow?: Allowed;
}

export interface ProfileOptions extends ContextOptions {
  /** Chromium's own switches, such as those of fake cameras. */
  readonly args?: readonly string[];
}

/** A browser context whose pages are watched: an error on a console, or one nobody caught, fails the test at `close`. */
export interface WatchedContext {
  readonly context: BrowserContext;
  /** A new page of it. */
  page(): Promise<Page>;
  /** What was complained about so far, beyond what is allowed. */
  readonly complaints: readonly string[];
  /** More to allow from here on, such as the errors of a server that the test stops. */
  allow(...more: Allowed): void;
  /**
   * Closes it.
   * @throws Error naming every complaint
   */
  close(): Promise<void>;
  /** Ends the browser as `kill -9` does: nothing is flushed, no page hears of it. Only a context with a profile has a browser of its own. */
  kill(): Promise<void>;
}

/** The person's language and time zone are fixed: dates in tests read the same everywhere. */
const defaults: BrowserContextOptions = { locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1280, height: 800 } };

/** A block of tests that needs Chromium: skipped, and counted so, where there is none. */
export function describeBrowser(name: string, body: () => void): void {
  describe.skipIf(inject('chromium') === '')(name, body);
}

/** One browser for several contexts (people or devices that share nothing). Close it when the file is done. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch(launchOptions(inject('chromium'), args));
}

/** A fresh device: a context of its own in a browser that is already there. Its storage is gone with it. */
export async function openContext(
  browser: Browser,
  { allow = [], ...options }: ContextOptions = {},
): Promise<WatchedContext> {
  const context = await browser.newContext({ ...defaults, ...options });
  return watch(context, allow, () => Promise.reject(new Error('only a context with a profile can be killed')));
}

/** A device with a memory: a browser on a profile folder, which can be killed and opened again. */
export async function openProfile(
  folder: string,
  { allow = [], args = [], ...options }: ProfileOptions = {},
): Promise<WatchedContext> {
  const context = await chromium.launchPersistentContext(folder, {
    ...launchOptions(inject('chromium'), args),
    ...defaults,
    ...options,
  });
  return watch(context, allow, () => killBrowser(context, folder));
}

function watch(context: BrowserContext, allowed: Allowed, kill: () => Promise<void>): WatchedContext {
  const complaints: string[] = [];
  const allowList = [...allowed];
  let killed = false;
  const complain = (text: string): void => {
    if (!allowList.some((entry) => (typeof entry === 'string' ? text.includes(entry) : entry.test(text))))
      complaints.push(text);
  };
  // Of the context, not of each page: workers' consoles and pages opened by pages are heard too.
  context.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error') complain(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complain(error.error().stack ?? String(error.error())));
  return {
    context,
    page: () => context.newPage(),
    complaints,
    allow: (...more) => void allowList.push(...more),
    async close() {
      if (!killed) await context.close();
      if (complaints.length > 0) throw new Error(`the page complained:\n${complaints.join('\n')}`);
    },
    async kill() {
      killed = true;
      await kill();
    },
  };
}
