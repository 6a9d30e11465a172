import { expect, test } from 'vitest';
import { backoff } from './backoff.ts';

test('[S5] the longest wait doubles from half a second to five seconds', () => {
  const most = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((attempt) => backoff(attempt, () => 1));
  expect(most).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000, 5_000]);
});

test('[S5] full jitter: any wait from nothing to the longest', () => {
  expect(backoff(4, () => 0)).toBe(0);
  expect(backoff(4, () => 0.5)).toBe(2_000);
});
