/** Messages → rows of the timeline: where a day begins, what is new, which messages of one sender stand together. */
import type { EventId } from '#schema/ids.ts';
import type { TimelineMessage } from '#client/services/device.ts';
import { dayLabel, sameDay } from './date-labels.ts';

/** Messages of one sender within five minutes are one group (experience.md §5). */
const GROUP_MS = 5 * 60_000;

export interface TimelineRow {
  readonly message: TimelineMessage;
  /** "Today", "Yesterday" or a date, on the first message of a day. */
  readonly day: string | null;
  /** The divider "New messages" stands above it. */
  readonly unreadStart: boolean;
  /** It begins, and it ends, a group. */
  readonly first: boolean;
  readonly last: boolean;
}

/** @param now ms, for Today and Yesterday. @param firstUnread where the divider stands. */
export function timelineRows(
  messages: readonly TimelineMessage[],
  firstUnread: EventId | null,
  now: number,
): TimelineRow[] {
  const joins = (one: TimelineMessage | undefined, other: TimelineMessage | undefined): boolean =>
    one !== undefined &&
    other !== undefined &&
    one.by === other.by &&
    other.at - one.at < GROUP_MS &&
    sameDay(one.at, other.at) &&
    other.id !== firstUnread;
  return messages.map((message, i) => {
    const before = messages[i - 1];
    return {
      message,
      day: before && sameDay(before.at, message.at) ? null : dayLabel(message.at, now),
      unreadStart: message.id === firstUnread,
      first: !joins(before, message),
      last: !joins(message, messages[i + 1]),
    };
  });
}
