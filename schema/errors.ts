/**
 * The closed list of reasons for which something is refused: the same on the wire, in the HTTP answers and in the interface.
 * `again` says what to do next: `never` (a person must change something), `later` (the same request may succeed),
 * `resync` (the device repairs its own state and sends anew).
 */
export const ERROR_CODES = {
  // An update, refused with a nack.
  'update-too-large': { again: 'never', says: 'This message is too large.' },
  'malformed-update': { again: 'never', says: 'This message could not be read by the server.' },
  'not-canonical': { again: 'never', says: 'This message is not written in the agreed form.' },
  'forbidden-content': { again: 'never', says: 'This message holds content that is not allowed here.' },
  'malformed-event': { again: 'never', says: 'This message does not fit its form.' },
  'wrong-author': { again: 'never', says: 'This message claims to be somebody else’s.' },
  'wrong-segment': { again: 'resync', says: 'This message is filed under the wrong month.' },
  'clock-ahead': { again: 'resync', says: 'The clock of this device is ahead.' },
  'replica-not-yours': { again: 'resync', says: 'This device’s writing number is not valid any more.' },
  'replica-conflict': { again: 'resync', says: 'The server holds a different message in this place.' },
  gap: { again: 'resync', says: 'An earlier message is missing at the server.' },
  'unknown-target': { again: 'never', says: 'The message this refers to does not exist.' },
  'not-allowed': { again: 'never', says: 'You may not do this in this conversation.' },
  'not-a-member': { again: 'never', says: 'You were removed from this group.' },
  'unknown-conversation': { again: 'never', says: 'This conversation does not exist.' },
  // Both.
  'rate-limited': { again: 'later', says: 'Too much at once. It will be sent again shortly.' },
  unavailable: { again: 'later', says: 'The server cannot store anything at the moment.' },
  // A request over HTTP.
  'invalid-request': { again: 'never', says: 'The request does not fit its form.' },
  'not-signed-in': { again: 'never', says: 'Please sign in.' },
  'wrong-credentials': { again: 'never', says: 'Email or password is wrong.' },
  'email-taken': { again: 'never', says: 'There is an account with this email already.' },
  'password-too-long': { again: 'never', says: 'A password may have at most 72 bytes.' },
  'wrong-origin': { again: 'never', says: 'The request came from another site.' },
  'not-found': { again: 'never', says: 'This does not exist.' },
  'already-different': { again: 'never', says: 'This id is in use for something else.' },
  'key-reused': { again: 'never', says: 'This command’s key was used for another command.' },
  internal: { again: 'later', says: 'Something went wrong on the server.' },
} as const satisfies Record<string, { again: 'never' | 'later' | 'resync'; says: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** All codes, for schemas. */
export const errorCodes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** A refusal with its code; `message` is for people, and defaults to what the list says. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  /** For `gap` and `replica-conflict`: the clock the server expects next. For `clock-ahead`: the server's time in ms. */
  readonly expected: number | undefined;
  constructor(code: ErrorCode, message?: string, expected?: number) {
    super(message ?? ERROR_CODES[code].says);
    this.name = 'Refusal';
    this.code = code;
    this.expected = expected;
  }
}
