/**
 * How a timeline's window crosses to the main thread: only what changed. Messages are immutable objects, so what is the same object
 * on the one side is left as it is on the other, and a screen draws again only what is new.
 */
import type { TimelineMessage, TimelineWindow } from '#client/services/device.ts';

/** Turns one window into the next: of its messages, `remove` from `from` on give way to `insert`. */
export interface WindowSplice {
  readonly from: number;
  readonly remove: number;
  readonly insert: readonly TimelineMessage[];
  readonly rest: Omit<TimelineWindow, 'messages'>;
}

/** The window before the first. */
export const emptyWindow: TimelineWindow = {
  status: 'loading',
  messages: [],
  older: 'none',
  newer: 'none',
  firstUnread: null,
};

/** What leads from one window to the next. */
export function spliceBetween(before: TimelineWindow, after: TimelineWindow): WindowSplice {
  const { messages, ...rest } = after;
  const old = before.messages;
  const shorter = Math.min(old.length, messages.length);
  let from = 0;
  while (from < shorter && old[from] === messages[from]) from++;
  let same = 0;
  while (same < shorter - from && old[old.length - 1 - same] === messages[messages.length - 1 - same]) same++;
  return { from, remove: old.length - same - from, insert: messages.slice(from, messages.length - same), rest };
}

/** The next window. Leaves `before` as it is. */
export function applySplice(before: TimelineWindow, splice: WindowSplice): TimelineWindow {
  const { from, remove, insert, rest } = splice;
  const messages =
    remove === 0 && insert.length === 0 ? before.messages : before.messages.toSpliced(from, remove, ...insert);
  return { ...rest, messages };
}
