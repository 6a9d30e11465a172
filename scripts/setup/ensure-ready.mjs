import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { linkPostgresLibraries } from './link-postgres-libraries.mjs';
import { repository, say } from './repository.mjs';

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, dev?: boolean, link?: boolean }} LockedPackage */

const oldestNode = [20, 19];

/** Makes a fresh clone ready to run: the right Node, the packages of the lock file. Quick when nothing is to be done. */
export async function ensureReady() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`ChatSync+ needs Node ${oldestNode.join('.')} or later; this is ${process.versions.node}.`);
  }
  const reason = whyInstall();
  if (reason !== undefined) {
    say(`Installing packages (${reason})…`);
    await install();
    const left = whyInstall();
    if (left !== undefined) throw new Error(`npm ci ended well, and yet ${left}. Delete node_modules and try again.`);
  }
  linkPostgresLibraries();
}

/**
 * What differs between the lock file and what npm says it installed; undefined when nothing does. npm writes its own account
 * (`node_modules/.package-lock.json`) last, so an installation that was cut off has none.
 * @returns {string | undefined}
 */
export function whyInstall() {
  const account = join(repository, 'node_modules/.package-lock.json');
  if (!existsSync(account)) return 'there are none yet';
  const wanted = readPackages(join(repository, 'package-lock.json'));
  const installed = readPackages(account);
  for (const [path, { version, optional, devOptional, link }] of Object.entries(wanted)) {
    if (path === '' || link) continue;
    const found = installed[path];
    // Packages for other systems are in the lock file and rightly not here.
    if (found === undefined && (optional || devOptional)) continue;
    if (found?.version !== version) return `${basename(path)} should be ${version}`;
  }
  return undefined;
}

/** @param {string} file @returns {Record<string, LockedPackage>} */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/** `npm ci` with everything it prints on stderr. The development packages too, whatever NODE_ENV says: the tests need them. */
async function install() {
  const [program, before] = npm();
  const child = spawn(program, [...before, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
    cwd: repository,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && before.length === 0,
  });
  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? '' : `it ended with ${signal ?? code}`));
  });
  if (ended !== '') throw new Error(`npm ci failed: ${ended}. Is the package registry reachable?`);
}

/** The npm that runs us, else the one beside this Node, else the one on the PATH. @returns {[string, string[]]} */
function npm() {
  const running = process.env['npm_execpath'];
  if (running !== undefined && /npm-cli\.c?js$/.test(running)) return [process.execPath, [running]];
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  return existsSync(beside) ? [process.execPath, [beside]] : ['npm', []];
}
