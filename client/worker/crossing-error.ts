/** How an error crosses between worker and main thread: a Refusal stays one. */
import { Refusal } from '#schema/errors.ts';
import type { CrossingError } from './messages.ts';

export function toCrossing(error: unknown): CrossingError {
  const message = error instanceof Error ? error.message : String(error);
  return { message, code: error instanceof Refusal ? error.code : null };
}

export function fromCrossing(error: CrossingError): Error {
  return error.code === null ? new Error(error.message) : new Refusal(error.code, error.message);
}
