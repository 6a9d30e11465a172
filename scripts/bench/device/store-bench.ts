import { openProfile } from './profile.ts';
import { servePage, type PageServer } from './page-server.ts';
import type { Figures, Question } from './page/questions.ts';

/** The page that measures store and readers, on a fresh profile. */
export interface StoreBench {
  /** Asks a new worker. */
  measure(question: Question): Promise<Figures>;
  /** What the page's databases take on the disk, in bytes. */
  usage(): Promise<number>;
  close(): Promise<void>;
}

/** Bundles it once for all profiles. */
export const serveStorePage = (): Promise<PageServer> => servePage('scripts/bench/device/page/store-page.ts');

export async function openStoreBench(chromium: string, url: string): Promise<StoreBench> {
  const profile = await openProfile(chromium);
  try {
    const page = await profile.context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(url);
    await page.waitForFunction(() => 'measure' in window);
    return {
      measure: (question) => page.evaluate((asked) => window.measure(asked), question),
      usage: () => page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0),
      close: profile.close,
    };
  } catch (error) {
    await profile.close();
    throw error;
  }
}
