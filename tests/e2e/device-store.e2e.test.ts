import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { servePage, type PageServer } from '#scripts/bench/device/page-server.ts';
import { deviceStoreContract } from '#tests/contracts/device-store/contract.ts';
import { describeBrowser, launchBrowser, openContext, type WatchedContext } from '#tests/support/browser.ts';

describeBrowser('the device store in Chromium', () => {
  let server: PageServer;
  let browser: Browser;
  let watched: WatchedContext;
  let page: Page;
  beforeAll(async () => {
    server = await servePage('tests/e2e/store-page/contract-page.ts');
    browser = await launchBrowser();
    watched = await openContext(browser);
    page = await watched.page();
    await page.goto(server.url);
    await page.waitForFunction(() => 'runCase' in window);
  });
  afterAll(async () => {
    await watched?.close();
    await browser?.close();
    await server?.close();
  });

  test.each(deviceStoreContract.map(({ name }) => name))('%s', async (name) => {
    expect(await page.evaluate((wanted) => window.runCase(wanted), name)).toBeNull();
  });
});
