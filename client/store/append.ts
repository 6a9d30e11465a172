import type { ConversationId, EventId, ReplicaId, SegmentName } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { foldLast } from './conversation-summary.ts';
import { lastN, nextClock } from './counters.ts';
import { refreshLast } from './find-last-message.ts';
import { ownEventTables, segmentNumber } from './own-events.ts';
import { conversationRow } from './read-rows.ts';
import { write, type StoreContext, type Transaction } from './store-context.ts';
import { packUpdates } from './update-row.ts';

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
  const { id, stale } = await write(context, 'strict', ownEventTables, async (transaction) => {
    const { db, tell } = transaction;
    // Asked for at once, written at once: an answer of IndexedDB costs more than the work.
    const [row, { s, clock }, last] = await Promise.all([
      conversationRow(transaction, conversation),
      nextPlace(transaction, conversation, segment, replica),
      lastN(transaction),
    ]);
    if (!row) throw new Error(`no conversation ${conversation} on this device`);
    const n = last + 1;
    const bytes = encodeAppend(replica, clock, [event]);
    const folded = foldLast(row, { segment, replica, clock, seq: null, event });
    const entry = {
      conversation,
      s,
      segment,
      replica,
      clock,
      row: n,
      size: bytes.length,
      attempted: false,
      empty: event.kind === 'empty',
    };
    await Promise.all([
      db.meta.put({ key: 'counter', n }),
      db.rows.add(packUpdates([{ seq: null, bytes }]), [s, n]),
      db.outbox.add(entry),
      db.clocks.put({ s, replica, next: clock + 1 }),
      db.conversations.put(folded),
    ]);
    tell({ what: 'segment', conversation, segment, rows: [n], whole: false });
    tell({ what: 'outbox' });
    tell({ what: 'conversations', ids: [conversation] });
    return { id: eventId(segment, replica, clock), stale: folded.lastStale };
  });
  if (stale) await refreshLast(context, conversation);
  return id;
}

/** Where a replica's next event stands in a segment. */
async function nextPlace(
  transaction: Transaction,
  conversation: ConversationId,
  segment: SegmentName,
  replica: ReplicaId,
): Promise<{ s: number; clock: number }> {
  const s = await segmentNumber(transaction, conversation, segment);
  return { s, clock: await nextClock(transaction, s, replica) };
}
