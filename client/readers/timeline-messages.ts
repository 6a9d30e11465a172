/** Messages as the timeline shows them: whose they are, how far they got, why they failed. */
import type { UserId } from '#schema/ids.ts';
import { eventPlace } from '#schema/ids.ts';
import { compareEvents, type Message } from '#schema/segment/segment-view.ts';
import type { TimelineMessage } from '#client/services/device.ts';
import type { FailedEvent } from '#client/store/device-store.ts';
import type { Place } from './history.ts';

export interface TimelineMessages {
  /** The same object for the same message, so that what did not change is seen not to have. */
  of(message: Message): TimelineMessage;
  /** Notes what was refused; gives whether that changed anything. */
  setFailed(failed: readonly FailedEvent[]): boolean;
  /** The refused messages from one place to another (null: to the newest), with these, in display order. */
  withFailed(messages: readonly TimelineMessage[], from: Place | null, to: Place | null): TimelineMessage[];
}

export function createTimelineMessages(user: UserId): TimelineMessages {
  const known = new WeakMap<Message, TimelineMessage>();
  let failed: readonly TimelineMessage[] = [];
  return {
    of(message) {
      const before = known.get(message);
      if (before) return before;
      const made: TimelineMessage = {
        ...message,
        own: message.by === user,
        state: message.seq === null ? 'local' : 'sent',
        failure: null,
      };
      known.set(message, made);
      return made;
    },
    setFailed(events) {
      const before = new Map(failed.map((message) => [message.id, message]));
      const next = events.flatMap((event) => {
        const made = failedMessage(event);
        const old = made && before.get(made.id);
        return made ? [old?.failure === made.failure ? old : made] : [];
      });
      const changed = next.length !== failed.length || next.some((message) => before.get(message.id) !== message);
      failed = next.sort((one, other) => compareEvents(placeOf(one), placeOf(other)));
      return changed;
    },
    withFailed(messages, from, to) {
      const inside = failed.filter((message) => {
        const place = placeOf(message);
        return (!from || compareEvents(place, from) >= 0) && (!to || compareEvents(place, to) <= 0);
      });
      if (inside.length === 0) return [...messages];
      // A refusal may be known a moment before its place is seen to be empty.
      const ids = new Set(inside.map(({ id }) => id));
      return [...messages.filter(({ id }) => !ids.has(id)), ...inside].sort((one, other) =>
        compareEvents(placeOf(one), placeOf(other)),
      );
    },
  };
}

/** Where a message stands. */
export function placeOf({ id, at }: Pick<Message, 'id' | 'at'>): Place {
  return { ...eventPlace(id), at };
}

/** A refused message as it stands in the timeline; null for what is no message of its own. */
function failedMessage({ id, event, message }: FailedEvent): TimelineMessage | null {
  if (event.kind !== 'message') return null;
  const { by, at, text, replyTo = null } = event;
  return {
    id,
    by,
    at,
    seq: null,
    text,
    replyTo,
    versions: [{ text, at }],
    deleted: false,
    reactions: [],
    unknown: false,
    own: true,
    state: 'failed',
    failure: message,
  };
}
