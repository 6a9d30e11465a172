import { expect, test } from 'vitest';
import { formatAgo } from './format-ago.ts';

const now = new Date(2026, 10, 23, 14, 30).getTime();

test.each([
  [20_000, 'just now'],
  [-5_000, 'just now'],
  [60_000, '1 minute ago'],
  [59 * 60_000, '59 minutes ago'],
  [3_600_000, '1 hour ago'],
  [26 * 3_600_000, 'yesterday'],
  [3 * 86_400_000, '3 days ago'],
  [10 * 86_400_000, 'on 13 November 2026'],
])('%i ms ago reads “%s”', (ago, says) => {
  expect(formatAgo(now - ago, now)).toBe(says);
});
