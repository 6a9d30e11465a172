import type { ConversationId, EventId, ReplicaId, SegmentName } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { foldLast } from './conversation-summary.ts';
import { nextClock } from './counters.ts';
import { ensureSegment, ownEventTables, putOwnRow } from './own-events.ts';
import { conversationRow } from './read-rows.ts';
import { write, type StoreContext } from './store-context.ts';

/**
 * Appends one own event (R1, R2): update, outbox row, next clock and summary in one strict transaction. Throws when the
 * conversation is not on this device.
 */
export async function append(
  context: StoreContext,
  conversation: ConversationId,
  segment: SegmentName,
  replica: ReplicaId,
  event: SegmentEvent,
): Promise<EventId> {
  return write(context, 'strict', ownEventTables, async (transaction) => {
    const { db, tell } = transaction;
    const [row, head] = await Promise.all([
      conversationRow(transaction, conversation),
      ensureSegment(transaction, conversation, segment),
    ]);
    if (!row) throw new Error(`no conversation ${conversation} on this device`);
    const clock = await nextClock(transaction, head.s, replica);
    const own = await putOwnRow(transaction, head, replica, clock, event);
    const waiting = { conversation, s: head.s, segment, replica, clock, ...own, attempted: false, empty: false };
    await Promise.all([
      db.outbox.add(waiting),
      db.clocks.put({ s: head.s, replica, next: clock + 1 }),
      db.conversations.put(foldLast(row, { segment, replica, clock, seq: null, event })),
    ]);
    tell({ what: 'outbox' });
    tell({ what: 'conversations', ids: [conversation] });
    return eventId(segment, replica, clock);
  });
}
