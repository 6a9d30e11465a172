import type { ConversationId, EventId } from '#schema/ids.ts';
import type { KnownEvent } from '#schema/segment/events.ts';
import { foldLast } from './conversation-summary.ts';
import { refreshLast } from './find-last-message.ts';
import { changeInPlace, outboxRowOf, ownEventTables } from './own-events.ts';
import { conversationRow } from './read-rows.ts';
import { write, type StoreContext } from './store-context.ts';

/**
 * Replaces an own event in place while it was never attempted (P5). False: it was, it does not wait any more, or its place was emptied
 * meanwhile and nothing may come back to it; nothing changed.
 */
export async function replaceUnsent(
  context: StoreContext,
  conversation: ConversationId,
  id: EventId,
  event: KnownEvent,
): Promise<boolean> {
  const replaced = await write(context, 'strict', ownEventTables, async (transaction) => {
    const entry = await outboxRowOf(transaction, conversation, id);
    if (!entry || entry.attempted || (entry.empty && event.kind !== 'empty')) return false;
    await changeInPlace(transaction, entry, event);
    const row = await conversationRow(transaction, conversation);
    if (row) {
      const folded = foldLast(row, {
        segment: entry.segment,
        replica: entry.replica,
        clock: entry.clock,
        seq: null,
        event,
      });
      // Taking back an edit brings an earlier text to light, which only the segment knows.
      const stale = folded.lastStale || (event.kind !== 'message' && row.last !== null);
      await transaction.db.conversations.put({ ...folded, lastStale: stale });
      transaction.tell({ what: 'conversations', ids: [conversation] });
    }
    return true;
  });
  if (replaced) await refreshLast(context, conversation);
  return replaced;
}
