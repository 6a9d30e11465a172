/** The budget of what a person waits for: script, packed, that a browser fetches before the list of conversations stands there. */
import { expect, type Browser, type Page } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, test } from 'vitest';
import { describeBrowser, launchBrowser, openContext, type WatchedContext } from '#tests/support/browser.ts';
import { Person } from '#tests/support/person.ts';
import { startTestServer, type TestServer } from '#tests/support/test-server.ts';

/** Bytes of gzip at its default level. */
const BUDGET = 150 * 1024;

/** Opens the app, and gives the scripts that were asked for before a conversation was listed, and after: their packed sizes by path. */
async function scriptsAround(
  { context }: WatchedContext,
  page: Page,
  url: string,
): Promise<{ before: Map<string, number>; after: Map<string, number> }> {
  const [before, after] = [new Map<string, number>(), new Map<string, number>()];
  const listed = () => page.locator('[aria-label=Conversations] li').count();
  // Each request is held until it was looked whether the list is there. What is asked for while it is drawn counts as after it: that
  // nothing is, is held by create-device.dom.test.ts.
  await context.route(/\.js$/, async (route) => {
    const side = (await listed()) > 0 ? after : before;
    const response = await route.fetch();
    side.set(new URL(route.request().url()).pathname, gzipSync(await response.body()).length);
    await route.fulfill({ response });
  });
  await page.goto(url);
  return { before, after };
}

describeBrowser('the first list', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startTestServer();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test('costs at most 150 KB of script, and the store, the engine and Yjs are loaded after it', async () => {
    // What it precaches is fetched beside the app, and is no part of what a person waits for.
    const watched = await openContext(browser, { serviceWorkers: 'block' });
    const ana = new Person(await watched.page(), 'Ana Budget', server.url);
    await ana.signUp();
    await ana.createGroup('Budget', []);

    const { before, after } = await scriptsAround(watched, ana.page, server.url);
    await expect(ana.conversations.getByRole('link', { name: 'Budget', exact: true })).toBeVisible();
    const bytes = [...before.values()].reduce((sum, size) => sum + size, 0);
    console.log(`before the list: ${before.size} scripts, ${bytes} bytes packed`);
    expect([...before.keys()].some((path) => path.includes('device-worker'))).toBe(true);
    expect(bytes, JSON.stringify([...before])).toBeLessThanOrEqual(BUDGET);
    await expect.poll(() => [...after.keys()].some((path) => path.includes('open-worker-device'))).toBe(true);
    await watched.close();
  });
});
