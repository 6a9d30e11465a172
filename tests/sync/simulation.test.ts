/** `npm run simulate -- --seeds N --from K` runs more of them. A failing seed is printed, and repeats the same run. */
import { expect, test, vi } from 'vitest';
import { simulate } from './simulate.ts';

// The platform's streams work on threads, whose order no seed decides.
vi.mock('#client/store/deflate.ts', async () => {
  const zlib = await import('node:zlib');
  return {
    deflate: (bytes: Uint8Array) => Promise.resolve(new Uint8Array(zlib.deflateRawSync(bytes))),
    inflate: (bytes: Uint8Array) => Promise.resolve(new Uint8Array(zlib.inflateRawSync(bytes))),
  };
});

const from = Number(process.env['SIMULATE_FROM'] ?? 1);
const seeds = Number(process.env['SIMULATE_SEEDS'] ?? 300);
const verbose = process.env['SIMULATE_LOG'] !== undefined;

/** Seeds whose failure is not understood yet: a device is never told of the last commit (seed 35). Expected to fail, so that mending is noticed. */
const open = new Set([35]);
const all = Array.from({ length: seeds }, (_, i) => from + i);

test.fails.each(all.filter((seed) => open.has(seed)))('seed %i fails still', async (seed) => {
  expect(await simulate(seed)).toEqual([]);
});

test.each(all.filter((seed) => !open.has(seed)))(
  'seed %i: all devices and the database are equal in the end',
  async (seed) => {
    const log: string[] = [];
    const wrong = await simulate(seed, { log: (line) => log.push(line) });
    if (wrong.length > 0 && verbose) console.log(log.join('\n'));
    expect(wrong, `seed ${seed}`).toEqual([]);
  },
  60_000,
);
