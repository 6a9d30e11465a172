import { repository, say } from './repository.mjs';
import { runChild } from './run-child.mjs';
import { runTests } from './run-tests.mjs';
import { delimiter, join } from 'node:path';
import { readFileSync } from 'node:fs';

/** From the quickest to the slowest; all run, so that one pass shows everything. */
const steps = ['format', 'lint', 'types', 'boundaries', 'unused'];

/** `npm run check`: everything a change must pass. Gives the exit code. */
export async function checkEverything() {
  /** @type {Record<string, string>} */
  const scripts = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).scripts;
  const path = `${join(repository, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const failed = [];
  for (const step of steps) {
    say(`— ${step}`);
    const [program = '', ...args] = (scripts[`check:${step}`] ?? '').split(' ');
    if ((await runChild(program, args, { env: { PATH: path } })) !== 0) failed.push(step);
  }
  say('— tests');
  if ((await runTests([])) !== 0) failed.push('tests');
  if (failed.length > 0) say(`Not passed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}
