import { Refusal, type ErrorCode } from '#schema/errors.ts';
import { CLOSE, type CloseCode } from '#schema/wire/close-reasons.ts';

/** How a socket ends. The reason is a code of the closed list, for programs to read. */
export interface Ending {
  readonly code: CloseCode;
  readonly reason: ErrorCode;
}

/** What an error means for the socket it happened on: refused for good, or to come back later, as for any fault of ours. */
export function closeFor(error: unknown): Ending {
  if (!(error instanceof Refusal)) return { code: CLOSE.goingAway, reason: 'internal' };
  const { code: reason } = error;
  switch (reason) {
    case 'unavailable':
    case 'internal':
      return { code: CLOSE.goingAway, reason };
    case 'not-signed-in':
    case 'wrong-origin':
      return { code: CLOSE.notSignedIn, reason };
    case 'not-a-member':
      return { code: CLOSE.notAMember, reason };
    case 'unknown-conversation':
    case 'not-found':
      return { code: CLOSE.unknownSegment, reason };
    case 'rate-limited':
      return { code: CLOSE.tooMuch, reason };
    default:
      return { code: CLOSE.refusedUpdate, reason };
  }
}
