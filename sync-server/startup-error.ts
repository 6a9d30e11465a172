/**
 * Something the person who starts the server can put right: a port in use, a folder that cannot be written, a wrong
 * setting. `main.ts` prints the message alone, without a stack, and ends with code 1. The message says what to do.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
