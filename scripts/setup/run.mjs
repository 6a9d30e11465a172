// The launcher behind every `npm` command: it makes a fresh clone ready, then runs the command. See docs/CONTRIBUTING.md.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildClient } from './build-client.mjs';
import { checkEverything } from './check.mjs';
import { ensureReady } from './ensure-ready.mjs';
import { repository, say } from './repository.mjs';
import { runTypeScript } from './run-child.mjs';
import { runTests } from './run-tests.mjs';

/** Each command gives its exit code. @type {Record<string, (args: string[]) => Promise<number>>} */
const commands = {
  async start() {
    readSettingsFile();
    await buildClient();
    return runTypeScript('sync-server/main.ts', [], { followParent: true });
  },
  async dev() {
    readSettingsFile();
    return runTypeScript('scripts/dev.ts', []);
  },
  test: (args) => runTests(args),
  check: () => checkEverything(),
  async build() {
    await buildClient();
    return 0;
  },
  bench: (args) => runTypeScript('scripts/bench/main.ts', args),
  async import(args) {
    readSettingsFile();
    return runTypeScript('scripts/import.ts', args);
  },
};

/** `.env` beside the checkout's files; what the environment already says wins. */
function readSettingsFile() {
  const file = join(repository, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
try {
  if (command === undefined)
    throw new Error(`there is no command "${name}"; there are ${Object.keys(commands).join(', ')}.`);
  await ensureReady();
  process.exitCode = await command(args);
} catch (error) {
  say(`ChatSync+: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
