import type { Page } from '@playwright/test';
import { percentile } from '../../statistics.ts';

export interface KeyPressResult {
  /** ms from Enter: the middle message is in the document; the frame that shows it; that of the slowest twentieth. */
  readonly inDocument: number;
  readonly p50: number;
  readonly p95: number;
}

/** Between two messages, so that each finds the app at rest. ms */
const REST_MS = 120;

/** Writes `count` messages into the conversation that is open. */
export async function keyPresses(page: Page, count: number): Promise<KeyPressResult> {
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  for (let i = 0; i < count; i++) {
    await box.fill(`message ${i} of those written by hand`);
    await page.waitForTimeout(REST_MS);
    await box.press('Enter');
    await page.waitForFunction((n) => window.watched.presses.length > n, i);
  }
  const presses = await page.evaluate(() => window.watched.presses);
  const frames = presses.map(({ frame }) => frame);
  return {
    inDocument: percentile(
      presses.map((press) => press.inDocument),
      0.5,
    ),
    p50: percentile(frames, 0.5),
    p95: percentile(frames, 0.95),
  };
}
