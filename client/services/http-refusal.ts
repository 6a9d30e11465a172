import { Refusal, type ErrorCode } from '#schema/errors.ts';

/** The server's no to a request, with what is wrong in which field of a form. */
export class HttpRefusal extends Refusal {
  readonly fields: Readonly<Record<string, string>>;
  constructor(code: ErrorCode, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(code, message);
    this.name = 'HttpRefusal';
    this.fields = fields;
  }
}

/** No answer: there is no network, or no server at its other end. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached.', { cause });
    this.name = 'Unreachable';
  }
}
