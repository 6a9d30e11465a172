/** Pushes for tests of the queue: admitted updates that remember their answer. */
import type { Refusal } from '#schema/errors.ts';
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { admitUpdate, type AdmittedUpdate } from '#server/relay/admit-update.ts';
import type { Committed } from '#server/relay/relay.ts';
import { QueuedPush, type WaitingPush } from '#server/relay/waiting-push.ts';
import { message, noon, november, type Author } from './stored-log.ts';

/** A push whose answer can be awaited. */
export interface TestPush extends WaitingPush {
  readonly answered: Promise<Committed | Refusal>;
}

/** A push of events, or of one text, by an author at a clock. */
export function pushOf(
  author: Author,
  clock: number,
  content: string | readonly SegmentEvent[],
  changes: Partial<WaitingPush> = {},
): TestPush {
  const events = typeof content === 'string' ? [message(author.user, content)] : content;
  const admitted = admitUpdate(encodeAppend(author.replica, clock, events), {
    user: author.user,
    segment: november,
    now: noon,
    foreignOrigins: 0,
  });
  let settle: (result: Committed | Refusal) => void = () => undefined;
  const answered = new Promise<Committed | Refusal>((resolve) => (settle = resolve));
  return {
    user: author.user,
    conversation: author.conversation,
    segment: november,
    admitted,
    origin: null,
    answer: settle,
    answered,
    ...changes,
  };
}

/** A queued push that needs no database and no real bytes. */
export function queuedPush(
  place: { conversation?: string; segment?: string; user?: string; replica: number; clock: number },
  changes: Partial<AdmittedUpdate> = {},
): QueuedPush {
  const admitted: AdmittedUpdate = {
    replica: place.replica,
    clock: place.clock,
    count: 1,
    bytes: new Uint8Array(100),
    needs: [],
    asAdmin: false,
    deletion: null,
    ...changes,
  };
  return new QueuedPush({
    user: (place.user ?? 'ana') as UserId,
    conversation: (place.conversation ?? 'c') as ConversationId,
    segment: (place.segment ?? '2026-11') as SegmentName,
    admitted,
    origin: null,
    answer: () => undefined,
  });
}
