import type { Refusal } from '#schema/errors.ts';
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import type { AdmittedUpdate } from './admit-update.ts';
import type { Committed } from './relay.ts';

/** Who is not to be sent what they pushed: the socket it came from; null: nobody in particular. */
export type PushOrigin = object | null;

/** An admitted update that waits to be committed. */
export interface WaitingPush {
  readonly user: UserId;
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
  readonly admitted: AdmittedUpdate;
  readonly origin: PushOrigin;
  /** Called exactly once: it is durable, or it is not and this is why. Must not throw. */
  readonly answer: (result: Committed | Refusal) => void;
}

/** A waiting push on its way through the queue. */
export class QueuedPush {
  readonly push: WaitingPush;
  /** What of it is still to be stored: all, unless its beginning was found to be stored before. */
  admitted: AdmittedUpdate;
  /** It shares no chain: another push of a chain it was in may have been the one that was refused. */
  alone = false;
  /** How often it was put back. */
  turns = 0;
  answered = false;

  constructor(push: WaitingPush) {
    this.push = push;
    this.admitted = push.admitted;
  }

  /** Gives the answer; false when it was given before. */
  answer(result: Committed | Refusal): boolean {
    if (this.answered) return false;
    this.answered = true;
    this.push.answer(result);
    return true;
  }
}
