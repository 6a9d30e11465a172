import type { TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The path of Chromium; '' where there is none and the tests that need it are skipped. */
    chromium: string;
  }
}

/** Once for each run: finds the browser, and says it when there is none. */
export default function setup(project: TestProject): void {
  const chromium = findChromium();
  if (chromium === undefined)
    console.warn('There is no Chromium here: the end-to-end tests are skipped (apt-get install chromium).');
  project.provide('chromium', chromium ?? '');
}
