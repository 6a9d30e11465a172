import type { TestProject } from 'vitest/node';
import { findChromium } from '#scripts/bench/device/chromium.ts';
import { buildClient } from '#scripts/setup/build-client.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The path of Chromium; '' where there is none and the tests that need it are skipped. */
    chromium: string;
  }
}

/** Once for each run: builds the app where its sources changed, and finds the browser, or says that there is none. */
export default async function setup(project: TestProject): Promise<void> {
  const chromium = findChromium();
  if (chromium === undefined)
    console.warn('There is no Chromium here: the end-to-end tests are skipped (apt-get install chromium).');
  else await buildClient();
  project.provide('chromium', chromium ?? '');
}
