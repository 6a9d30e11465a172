/** The harness itself: what it watches is heard, and a killed browser comes back with what was on its disk. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBrowser, launchBrowser, openContext, openProfile } from '#tests/support/browser.ts';

describeBrowser('the browser of the tests', () => {
  let server: Server;
  let url = '';
  beforeAll(async () => {
    server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<title>page</title>'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => void server.close());

  test('an error on the console, and one nobody caught, fail the test when the context closes', async () => {
    const browser = await launchBrowser();
    const watched = await openContext(browser, { allow: ['expected'] });
    const page = await watched.page();
    await page.goto(url);
    await page.evaluate(() => {
      console.error('expected, this one');
      console.error('something is wrong');
      setTimeout(() => {
        throw new Error('nobody caught me');
      });
    });
    await expect.poll(() => watched.complaints.length).toBe(2);
    await expect(watched.close()).rejects.toThrow(/something is wrong[^]*nobody caught me/);
    await browser.close();
  });

  test('a browser killed with -9 opens its profile again with what was written durably', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chatsync-profile-'));
    const first = await openProfile(folder);
    const page = await first.page();
    await page.goto(url);
    await page.evaluate(store, 'kept');
    await first.kill();
    const second = await openProfile(folder);
    const again = await second.page();
    await again.goto(url);
    expect(await again.evaluate(store, undefined)).toBe('kept');
    await second.close();
    await rm(folder, { recursive: true, force: true });
  });
});

/** In the page: writes a value durably where one is given, and gives what is there. */
function store(value: string | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('notes', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('notes');
    open.onerror = () => reject(open.error ?? new Error('not opened'));
    open.onsuccess = () => {
      const transaction = open.result.transaction('notes', 'readwrite', { durability: 'strict' });
      const notes = transaction.objectStore('notes');
      if (value !== undefined) notes.put(value, 'key');
      const read = notes.get('key');
      transaction.oncomplete = () => resolve(read.result);
    };
  });
}
