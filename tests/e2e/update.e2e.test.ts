import { expect, type Browser } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { openAppProxy } from '#tests/support/app-proxy.ts';
import { describeBrowser, launchBrowser, openContext } from '#tests/support/browser.ts';
import { Person } from '#tests/support/person.ts';
import { startTestServer, type TestServer } from '#tests/support/test-server.ts';

describeBrowser('a newer version of the app', () => {
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

  test('S16: the app updates itself while changes are pending, and nothing is lost', async () => {
    const proxy = await openAppProxy(server.port);
    const watched = await openContext(browser, { allow: [/WebSocket connection to/] });
    const ana = new Person(await watched.page(), 'Ana Sixteen', proxy.url);
    await ana.signUp();
    await ana.createGroup('Sixteen', []);
    await ana.installed();
    proxy.refuseSockets(true);
    await ana.offline();
    await ana.send('written before the update');
    await ana.seesState('written before the update', 'local');
    const other = new Person(await watched.page(), 'Ana Sixteen', proxy.url);
    await other.page.goto(ana.page.url());

    proxy.publish();
    await ana.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(ana.page.getByText('Update ready')).toBeVisible();
    await expect(other.page.getByText('Update ready')).toBeVisible();
    const loaded = ana.page.waitForEvent('load');
    await ana.page.getByRole('button', { name: 'Update now' }).click();
    await loaded;
    await ana.seesTexts(['written before the update']);
    await ana.seesState('written before the update', 'local');
    await expect(ana.page.getByText('Update ready')).toHaveCount(0);
    // The tab where nobody said yes goes on, and still asks.
    await other.send('written in the old tab');
    await expect(other.page.getByText('Update ready')).toBeVisible();

    proxy.refuseSockets(false);
    await ana.seesState('written before the update', 'sent');
    await ana.seesState('written in the old tab', 'sent');
    await watched.close();
    await proxy.close();
  });
});
