import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient } from './build-client.mjs';
import { repository, say } from './repository.mjs';
import { runChild } from './run-child.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Sum */

/**
 * Runs all tests, or those whose path holds one of `filters`, and closes with one line for all of them. Gives the exit code.
 * @param {string[]} filters
 */
export async function runTests(filters) {
  ensureSystemPackages();
  try {
    await buildClient();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return close({ passed: 0, failed: 1, skipped: 0 }, 1);
  }
  const folder = mkdtempSync(join(tmpdir(), 'chatsync-tests-'));
  const results = join(folder, 'results.json');
  try {
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
    const code = await runChild(process.execPath, [
      vitest,
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${results}`,
      ...filters,
    ]);
    return close(readSum(results, code), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the closing line and gives the exit code. @param {Sum} sum @param {number} code that of the test runner */
function close({ passed, failed, skipped }, code) {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (passed + failed === 0) say('No test ran at all.');
  return failed > 0 || passed === 0 ? Math.max(code, 1) : code;
}

/**
 * What vitest's own account says. A file that could not even be loaded has no tests in it, and a run that broke has no account: each
 * counts as one failure, so that no line ever looks better than the run was.
 * @param {string} file
 * @param {number} code
 * @returns {Sum}
 */
function readSum(file, code) {
  try {
    /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const broken = report.testResults.filter(
      (result) => result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
    ).length;
    const failed = report.numFailedTests + broken;
    return {
      passed: report.numPassedTests,
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
