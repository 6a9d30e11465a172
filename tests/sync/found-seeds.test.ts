/** Runs that found a fault beyond the seeds of `npm test`, each with what it was. Its own test stands beside the code that was put right. */
import { expect, test, vi } from 'vitest';
import { simulate } from './simulate.ts';

vi.mock('#client/store/deflate.ts', () => import('./deflate-at-once.ts'));

const PATIENCE = 120_000;

test.each([
  {
    seed: 340,
    acts: 14,
    found: '[P3] a tab waited for another replica before it let go of the one to be retired, which was its own',
  },
  {
    seed: 636,
    acts: 14,
    found: '[P3] another message in the place of one that was deleted and merged was taken for it, and lost',
  },
  {
    seed: 4120,
    acts: 14,
    found:
      '[D9] a clock repair waited for answers that were lost with the connection, and held everything back for ever',
  },
  {
    seed: 6695,
    acts: 40,
    found: '[D9] a reaction to a message that was taken back held places in a month that had not begun',
  },
])('seed $seed with $acts acts: $found', { timeout: PATIENCE }, async ({ seed, acts }) => {
  expect(await simulate(seed, { acts })).toEqual([]);
});
