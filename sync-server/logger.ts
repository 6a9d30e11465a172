import { destination, pino, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

export type { Logger } from 'pino';

/**
 * Logs go to stderr as JSON lines: stdout has one line only, the address. Written at once rather than in the
 * background, so that the last words of a server that dies are there.
 */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      serializers: { err: describeError },
      // What must never stand in a log, wherever a request or a setting is written out.
      redact: [
        'req.headers.cookie',
        'req.headers.authorization',
        'res.headers["set-cookie"]',
        'password',
        'sessionSecret',
      ],
    },
    destination({ fd: 2, sync: true }),
  );
}

/** What helps to find a fault, and nothing else: an error of `pg` carries the whole connection with it. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    ...('code' in error && { code: error.code }),
    ...('detail' in error && { detail: error.detail }),
    stack,
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
