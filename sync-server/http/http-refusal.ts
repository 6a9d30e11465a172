import { Refusal, type ErrorCode } from '#schema/errors.ts';

/** What an HTTP answer can say besides code and message. */
export interface RefusalDetails {
  /** Where the status that goes with the code does not say enough, such as 415. */
  readonly status?: number;
  /** What is wrong where, by the path of the field in the request. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Seconds after which to try again. */
  readonly retryAfter?: number;
}

/** A refusal of a request. */
export class HttpRefusal extends Refusal {
  readonly details: RefusalDetails;
  constructor(code: ErrorCode, message: string | undefined, details: RefusalDetails) {
    super(code, message);
    this.details = details;
  }
}

/** `rate-limited`, with the wait rounded up to whole seconds. */
export function tooMuch(waitMs: number): HttpRefusal {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  return new HttpRefusal('rate-limited', `Too many attempts. Please try again in ${spokenTime(retryAfter)}.`, {
    retryAfter,
  });
}

function spokenTime(seconds: number): string {
  if (seconds < 100) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
