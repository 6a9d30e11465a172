import { eventPlace, type ConversationId, type EventId } from '#schema/ids.ts';
import type { ReadState } from '#schema/read-state.ts';
import { compareEvents } from '#schema/segment/segment-view.ts';
import type { DeviceStore, UnreadMessage } from '#client/store/device-store.ts';

/** Everything that stands before a message, and the message itself, was seen. What stands after it stays unread. */
export async function markRead(store: DeviceStore, conversation: ConversationId, upTo: EventId): Promise<void> {
  const [position, unread, stored] = await Promise.all([
    store.locate(conversation, upTo),
    store.unread(conversation),
    store.conversation(conversation),
  ]);
  if (!position || !stored) return;
  const { segment } = eventPlace(upTo);
  const seen = (one: UnreadMessage): boolean =>
    one.segment === segment ? compareEvents(one, position) <= 0 : one.segment < segment;
  await store.markRead(conversation, readStateOf(unread, seen, stored.cursor ?? 0));
}

/**
 * The read state that covers what was seen of the unread messages, and none of the others: everything up to the seq before the first
 * unseen one, and above it, replica by replica, what was seen of messages that came late.
 */
export function readStateOf(
  unread: readonly UnreadMessage[],
  seen: (one: UnreadMessage) => boolean,
  cursor: number,
): ReadState {
  const unseen = unread.filter((one) => !seen(one));
  const seq = Math.min(cursor, ...unseen.map((one) => one.seq - 1));
  const key = (one: UnreadMessage): string => `${one.segment}/${one.replica}`;
  // A replica's read clocks have no gaps: its first unseen message is where they end.
  const ends = new Map<string, number>();
  for (const one of unseen) ends.set(key(one), Math.min(one.clock, ends.get(key(one)) ?? Infinity));
  const above: Record<string, number> = {};
  for (const one of unread) {
    if (one.seq <= seq || !seen(one) || one.clock >= (ends.get(key(one)) ?? Infinity)) continue;
    above[key(one)] = Math.max(one.clock, above[key(one)] ?? 0);
  }
  return { seq, above };
}
