import type { RequestHandler } from 'express';
import { HttpRefusal } from './http-refusal.ts';

/** Seconds after which to try again what took too long. */
const retry = 10;

/**
 * Answers `unavailable` when no answer was begun after `deadline` ms: a database whose network is a black hole says nothing at all, for a
 * quarter of an hour. What the act does later is its transaction's business; its answer has nobody left to go to.
 */
export function answerInTime(deadline: number): RequestHandler {
  return (_request, response, next) => {
    const late = setTimeout(() => {
      if (response.headersSent) return;
      next(new HttpRefusal('unavailable', 'The server took too long.', { retryAfter: retry }));
    }, deadline);
    response.once('close', () => clearTimeout(late));
    next();
  };
}
