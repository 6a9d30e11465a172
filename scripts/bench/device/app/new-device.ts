/** A new device: a browser without anything opens the link to a conversation, signs in, and gets the whole history. */
import type { Page } from '@playwright/test';
import { databaseName } from '#client/store/database-name.ts';
import type { WatchedApp } from '../page/app-watch-page.ts';
import type { Profile } from '../profile.ts';
import type { FilledAccount } from './fill-history.ts';

export interface NewDeviceResult {
  /** From sending the form, ms: the frame with the newest message, and the moment when nothing is missing on the disk. */
  readonly newestMs: number;
  readonly wholeMs: number;
  /** Tasks of the main thread above 50 ms between the two ends, each in ms. */
  readonly longTasks: readonly number[];
  /** The app, signed in, with the conversation open. */
  readonly page: Page;
}

/** Longer than any history takes. ms */
const PATIENCE_MS = 300_000;

/** @param watch the bundle of `page/app-watch-page.ts` */
export async function newDevice(
  { context }: Profile,
  url: string,
  account: FilledAccount,
  watch: string,
): Promise<NewDeviceResult> {
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript({ content: `window.newestText = ${JSON.stringify(account.newestText)};` });
  // In a block: as a plain script its names would be the app's too.
  await context.addInitScript({ content: `{\n${watch}\n}` });
  const page = await context.newPage();
  await page.goto(`${url}/c/${account.conversation}`);
  const beside = await context.newPage();
  await beside.goto(`${url}/manifest.webmanifest`);
  await page.bringToFront();
  const whole = beside.evaluate(([name, segments]) => window.wholeHistory(name, segments), [
    databaseName(account.user),
    account.segments,
  ] as const);
  await sendSignIn(page, account);
  await page.waitForFunction(() => window.watched.newest !== undefined);
  const wholeAt = await whole;
  await beside.close();
  const { watched, origin } = await page.evaluate(() => ({
    watched: window.watched,
    origin: performance.timeOrigin,
  }));
  const { signIn, newest } = timesOf(watched);
  return {
    newestMs: newest - signIn,
    wholeMs: wholeAt - origin - signIn,
    longTasks: watched.longTasks.filter(({ start }) => start >= signIn).map(({ ms }) => ms),
    page,
  };
}

/** Fills in the form and sends it. */
export async function sendSignIn(page: Page, account: FilledAccount): Promise<void> {
  await page.getByRole('textbox', { name: 'Email' }).fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

function timesOf({ signIn, newest }: WatchedApp): { signIn: number; newest: number } {
  if (signIn === undefined || newest === undefined)
    throw new Error('the page did not see the form sent and the newest message');
  return { signIn, newest };
}
