import { fileURLToPath } from 'node:url';

// Plain JavaScript on Node's own modules: this folder runs before anything is installed.

/** The folder of the checkout, without a slash at the end. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Progress and explanations go to stderr; stdout belongs to the command. @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
