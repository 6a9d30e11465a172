/** Registers one test for each of a share of the seeds: the shares run beside each other, in files of their own. */
import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

/** Seeds in `npm test`, when nothing else is asked for. */
const USUAL = 300;
/** A machine that does much else is slow; a run that hangs is found all the same. In ms. */
const PATIENCE = 120_000;

/** Reads `SIMULATE_FROM`, `SIMULATE_SEEDS`, `SIMULATE_ACTS` and `SIMULATE_LOG`, as `npm run simulate` sets them. */
export function runSeeds(share: number, of: number): void {
  const from = Number(process.env['SIMULATE_FROM'] ?? 1);
  const count = Number(process.env['SIMULATE_SEEDS'] ?? USUAL);
  const acts = process.env['SIMULATE_ACTS'];
  const verbose = process.env['SIMULATE_LOG'] !== undefined;
  const seeds = Array.from({ length: count }, (_, i) => from + i).filter((seed) => seed % of === share);
  test.each(seeds)(
    'seed %i: all devices and the database are equal in the end, and nothing acknowledged is missing or twice',
    async (seed) => {
      const log: string[] = [];
      const wrong = await simulate(seed, {
        log: (line) => log.push(line),
        ...(acts === undefined ? {} : { acts: Number(acts) }),
      });
      if (wrong.length > 0 && verbose) console.log(log.join('\n'));
      expect(wrong, `npm run simulate -- --seeds 1 --from ${seed}`).toEqual([]);
    },
    PATIENCE,
  );
}
