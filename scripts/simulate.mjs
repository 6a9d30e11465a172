/**
 * `npm run simulate -- --seeds N --from K [--acts A] [--log]`: more runs of the simulation in tests/sync than `npm test` makes. `--log` prints
 * what happened in the runs that fail.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    acts: { type: 'string' },
    log: { type: 'boolean', default: false },
  },
});
for (const name of /** @type {const} */ (['seeds', 'from', 'acts'])) {
  const value = values[name];
  if (value !== undefined && !/^[1-9]\d*$/.test(value)) {
    console.error(`--${name} must be a whole number above 0, not ${value}`);
    process.exit(2);
  }
}
const repository = fileURLToPath(new URL('..', import.meta.url));
const vitest = spawn(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'node', '--reporter=dot', 'tests/sync/simulation'],
  {
    cwd: repository,
    stdio: 'inherit',
    env: {
      ...process.env,
      SIMULATE_SEEDS: values.seeds,
      SIMULATE_FROM: values.from,
      ...(values.acts === undefined ? {} : { SIMULATE_ACTS: values.acts }),
      ...(values.log ? { SIMULATE_LOG: '1' } : {}),
    },
  },
);
vitest.on('exit', (code) => process.exit(code ?? 1));
