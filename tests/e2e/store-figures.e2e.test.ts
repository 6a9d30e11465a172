/** The budgets of the device store, with room for a busy machine: printed as measured, held as far as time can be held in a test. */
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBrowser, launchBrowser, openContext, type WatchedContext } from '#tests/support/browser.ts';
import { servePage, type PageServer } from '#tests/support/page-server.ts';
import { createSeededRandom } from '#tests/support/seeded-random.ts';

/** One month, as full as a large group makes it. */
const MESSAGES = 30_000;

/** Texts of 50 characters from a vocabulary of some thousand words, the frequent ones more often. */
function texts(count: number): string[] {
  const random = createSeededRandom(1).next;
  const letters = 'etaoinshrdlucmfwypvbgk';
  const words = Array.from({ length: 3_000 }, () =>
    Array.from(
      { length: 2 + Math.floor(random() * 8) },
      () => letters[Math.floor(random() ** 2 * letters.length)],
    ).join(''),
  );
  const word = (): string => words[Math.floor(random() ** 3 * words.length)] ?? 'word';
  return Array.from({ length: count }, () => {
    let text = word();
    while (text.length < 50) text += ` ${word()}`;
    return text.slice(0, 50);
  });
}

describeBrowser('what the device store costs in Chromium', () => {
  let server: PageServer;
  let browser: Browser;
  let watched: WatchedContext;
  let page: Page;
  beforeAll(async () => {
    server = await servePage('tests/e2e/store-page/figures-page.ts');
    browser = await launchBrowser();
    watched = await openContext(browser);
    page = await watched.page();
    await page.goto(server.url);
    await page.waitForFunction(() => 'measure' in window);
  });
  afterAll(async () => {
    await watched?.close();
    await browser?.close();
    await server?.close();
  });

  test('a message of 50 characters rests in 60 bytes', async () => {
    const question = { figure: 'fill', messages: MESSAGES, months: 1, texts: texts(5_000) } as const;
    const filled = await page.evaluate((asked) => window.measure(asked), question);
    const bytes = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    console.log('hydrating a month of 30,000, ms', filled, 'bytes per message', bytes / MESSAGES);
    expect(bytes / MESSAGES).toBeLessThanOrEqual(60);
  });

  test('a conversation whose newest month holds 30,000 messages shows its first screen within 100 ms', async () => {
    const opened = await page.evaluate(() => window.measure({ figure: 'open' }));
    console.log('open, ms', opened);
    expect(opened['shown']).toBe(100);
    expect(opened['p50']).toBeLessThanOrEqual(100);
  });

  test('[R2] Enter to strict-durable takes 10 ms, or little more than the disk takes', async () => {
    const raw = await page.evaluate(() => window.measure({ figure: 'raw', count: 100 }));
    const append = await page.evaluate(() => window.measure({ figure: 'append', count: 100 }));
    console.log('one strict put, ms', raw, 'append, ms', append);
    expect(append['p50']).toBeLessThanOrEqual(Math.max(10, 4 * (raw['p50'] ?? 0)));
  });
});
