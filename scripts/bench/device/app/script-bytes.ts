/** What a browser with nothing in its cache fetches of script until the list of conversations shows. */
import type { Page, Request } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { openProfile } from '../profile.ts';
import type { FilledAccount } from './fill-history.ts';
import { sendSignIn } from './new-device.ts';

export interface FetchedScripts {
  readonly files: number;
  /** Each file packed by gzip at its default level. */
  readonly gzipBytes: number;
}

export interface InitialScripts {
  /** Of somebody who signs in first; of somebody who is signed in. The worker's scripts are counted. */
  readonly signingIn: FetchedScripts;
  readonly signedIn: FetchedScripts;
}

/** Without a service worker, which fetches the whole app in the background. */
export async function initialScripts(chromium: string, url: string, account: FilledAccount): Promise<InitialScripts> {
  const profile = await openProfile(chromium, { serviceWorkers: 'block' });
  try {
    const page = await profile.context.newPage();
    const first = watchScripts(page);
    await page.goto(url);
    await sendSignIn(page, account);
    const signingIn = await first();
    const second = watchScripts(page);
    await page.goto(url);
    return { signingIn, signedIn: await second() };
  } finally {
    await profile.close();
  }
}

/** Notes every script the page and its worker ask for from now on, from wherever it comes. Gives how to wait for the list and count. */
function watchScripts(page: Page): () => Promise<FetchedScripts> {
  const urls = new Set<string>();
  const note = (request: Request): void => {
    if (/\.m?js$/.test(new URL(request.url()).pathname)) urls.add(request.url());
  };
  page.on('requestfinished', note);
  return async () => {
    await page.locator('[aria-label=Conversations] li').first().waitFor();
    page.off('requestfinished', note);
    let gzipBytes = 0;
    // Fetched anew: a browser lets go of bodies, and those of modules it never hands out.
    for (const url of urls) gzipBytes += gzipSync(await (await fetch(url)).arrayBuffer()).length;
    return { files: urls.size, gzipBytes };
  };
}
