import { spawn } from 'node:child_process';
import { repository } from './repository.mjs';

/** @typedef {{ env?: Record<string, string | undefined>, stdout?: 'inherit' | 'stderr', followParent?: boolean }} ChildOptions */

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs a program in the checkout to its end and gives its exit code. Signals that reach us are passed on, and we wait for its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {ChildOptions} [options] `followParent`: the child ends, in order, when we are killed
 * @returns {Promise<number>}
 */
export function runChild(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const stdout = options.stdout === 'stderr' ? 2 : 'inherit';
    const child = spawn(program, args, {
      cwd: repository,
      env: { ...process.env, ...options.env },
      stdio: options.followParent ? ['inherit', stdout, 'inherit', 'ipc'] : ['inherit', stdout, 'inherit'],
    });
    const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    const done = () => signals.forEach((signal) => process.off(signal, forward));
    child.once('error', (error) => (done(), reject(error)));
    child.once('exit', (code, signal) => {
      done();
      // The shell's way to tell of a signal: 128 and its number; SIGKILL stands for those nobody counts on.
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 137));
    });
  });
}

/** Runs a TypeScript file of ours. @param {string} file @param {readonly string[]} args @param {ChildOptions} [options] */
export function runTypeScript(file, args, options) {
  const follow = options?.followParent ? ['--import', './scripts/setup/follow-parent.mjs'] : [];
  return runChild(process.execPath, ['--import', 'tsx', ...follow, file, ...args], options);
}
