/** The simulation must see faults: each of these breaks a rule by hand, and is found within some seeds. */
import { expect, test, vi } from 'vitest';
import { simulate, type SimulationOptions } from './simulate.ts';

vi.mock('#client/store/deflate.ts', () => import('./deflate-at-once.ts'));

/** Runs after which a fault that was not seen counts as one that is not seen at all. */
const RUNS = 40;
const PATIENCE = 300_000;

/** Runs seeds, every `step`th, until something is wrong, and gives what. */
async function firstFound(options: SimulationOptions, step = 1): Promise<string> {
  for (let seed = step; seed <= RUNS * step; seed += step) {
    const wrong = await simulate(seed, { acts: 20, ...options });
    if (wrong.length > 0) return wrong.join('\n');
  }
  return 'nothing';
}

test('[R3] a relay that acknowledges before the COMMIT is found', { timeout: PATIENCE }, async () => {
  expect(await firstFound({ sabotage: ['ack-before-commit'] })).not.toBe('nothing');
});

test('[R7] a delta that leaves a row out is found', { timeout: PATIENCE }, async () => {
  expect(await firstFound({ sabotage: ['skip-seq'] })).not.toBe('nothing');
});

// Only a profile that was put back to an old copy writes other content to a place that is taken: every fourth seed has some.
test('[W3] a relay that takes other content for a replay is found', { timeout: PATIENCE }, async () => {
  expect(await firstFound({ sabotage: ['no-replay-check'] }, 4)).not.toBe('nothing');
});

test('[P5] a device that sends without marking what it sends is found', { timeout: PATIENCE }, async () => {
  expect(await firstFound({ tamper: 'no-mark' })).not.toBe('nothing');
});

test('[R2] a device whose disk forgets what it said it had written is found', { timeout: PATIENCE }, async () => {
  expect(await firstFound({ tamper: 'forgetful-disk' })).not.toBe('nothing');
});
