import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { withSeqs } from './cursor.ts';
import { ensureSegment } from './own-events.ts';
import { conversationRow, segmentHeads } from './read-rows.ts';
import { write, type StoreContext } from './store-context.ts';

/** C6: takes note of which segments exist as of `head`, and sets the cursor; those with news since the old cursor are to be fetched. */
export async function beginHydration(
  context: StoreContext,
  conversation: ConversationId,
  head: number,
  segments: readonly { readonly segment: SegmentName; readonly lastSeq: number }[],
): Promise<void> {
  await write(context, 'relaxed', ['conversations', 'segments'], async (transaction) => {
    const { db, tell } = transaction;
    const row = await conversationRow(transaction, conversation);
    if (!row) return;
    const listed = new Set(segments.map(({ segment }) => segment));
    for (const { segment, lastSeq } of segments) {
      const known = await ensureSegment(transaction, conversation, segment);
      // Up to the cursor the device has everything of what it holds; it needs what came after.
      if (known.present && row.cursor !== null && lastSeq <= row.cursor) continue;
      await db.segments.update(known.s, { present: false, needs: Math.max(known.needs, lastSeq) });
      tell({ what: 'segment', conversation, segment, rows: [], whole: true });
    }
    for (const known of await segmentHeads(transaction, conversation)) {
      // The server has nothing of it: own events that wait, or what a restored database has lost.
      if (!known.present && !listed.has(known.segment)) await db.segments.update(known.s, { present: true });
    }
    const moved = head > (row.cursor ?? -1) ? withSeqs({ cursor: head, ahead: row.ahead }, head, head) : row;
    await db.conversations.put({
      ...row,
      cursor: moved.cursor,
      ahead: [...moved.ahead],
      head: Math.max(row.head, head),
    });
    tell({ what: 'conversations', ids: [conversation] });
  });
}
