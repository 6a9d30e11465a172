import type { ErrorRequestHandler } from 'express';
import { ERROR_CODES, Refusal, type ErrorCode } from '#schema/errors.ts';
import type { ErrorAnswer } from '#schema/http/error-answer.ts';
import type { Logger } from '../logger.ts';
import { isRetryable } from '../store/database-errors.ts';
import { HttpRefusal } from './http-refusal.ts';

/** The status that goes with each code; codes that are the socket's alone never get here. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  'invalid-request': 400,
  'password-too-long': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  'wrong-origin': 403,
  'not-allowed': 403,
  'not-a-member': 403,
  'not-found': 404,
  'unknown-conversation': 404,
  'email-taken': 409,
  'already-different': 409,
  'key-reused': 422,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
};

/** Seconds after which a device asks again when the database is away. */
const databaseRetry = 5;

/** Whatever an act or a part of Express throws → a refusal of the closed list. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isRetryable(error)) return new HttpRefusal('unavailable', undefined, { retryAfter: databaseRetry });
  return bodyRefusal(error) ?? new Refusal('internal');
}

/** What express.json() says of a body, by the `type` of its errors: https://github.com/expressjs/body-parser#errors. */
function bodyRefusal(error: unknown): HttpRefusal | undefined {
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return undefined;
  const says = (message: string, status: number): HttpRefusal =>
    new HttpRefusal('invalid-request', message, { status });
  switch (error.type) {
    case 'entity.parse.failed':
      return says('The body is not valid JSON.', 400);
    case 'entity.too.large':
      return says('The body is too large.', 413);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return says('The body’s encoding is not supported: send UTF-8, plain or gzip.', 415);
    case 'request.aborted':
    case 'request.size.invalid':
      return says('The body did not arrive whole.', 400);
    default:
      return undefined;
  }
}

/** The body of an answer to a refusal. */
export function errorAnswer(refusal: Refusal): ErrorAnswer {
  const details = refusal instanceof HttpRefusal ? refusal.details : {};
  return {
    error: {
      code: refusal.code,
      message: refusal.message,
      ...(details.fields && { fields: { ...details.fields } }),
      ...(details.retryAfter !== undefined && { retryAfter: details.retryAfter }),
    },
  };
}

/** The last of the middleware: every error becomes an `ErrorAnswer`. What was not foreseen is logged, and told to nobody. */
export function createErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    const refusal = refusalOf(error);
    if (refusal.code === 'internal')
      logger.error({ err: error, method: request.method, path: request.path }, 'a request failed');
    else if (refusal.code === 'unavailable')
      logger.warn({ err: error, method: request.method, path: request.path }, 'the database could not serve a request');
    if (response.writableEnded) return;
    if (response.headersSent) {
      // Half an answer cannot be taken back: Express ends the connection.
      next(error);
      return;
    }
    const details = refusal instanceof HttpRefusal ? refusal.details : {};
    if (details.retryAfter !== undefined) response.set('Retry-After', String(details.retryAfter));
    response.status(
      details.status ?? statuses[refusal.code] ?? (ERROR_CODES[refusal.code].again === 'later' ? 503 : 400),
    );
    response.set('Cache-Control', 'no-store');
    response.json(errorAnswer(refusal));
  };
}
