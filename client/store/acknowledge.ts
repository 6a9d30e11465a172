import type { ConversationId } from '#schema/ids.ts';
import { eventPlace } from '#schema/ids.ts';
import { isKnown } from '#schema/segment/events.ts';
import { decodeUpdate, encodeDeletion } from '#schema/segment/update-codec.ts';
import { foldLast } from './conversation-summary.ts';
import { takeN } from './counters.ts';
import { withSeqs } from './cursor.ts';
import type { ConversationRow, OutboxRow } from './database-rows.ts';
import { refreshLast } from './find-last-message.ts';
import { holdsLateEdit } from './late-edits.ts';
import { outboxRows, ownEvent } from './own-events.ts';
import { conversationRow, updateRow } from './read-rows.ts';
import { write, type StoreContext, type WriteTransaction } from './store-context.ts';
import { packUpdates, type StoredUpdate } from './update-row.ts';

interface Ack {
  readonly n: number;
  readonly seq: number;
  readonly to: number;
}

/**
 * Takes acks in (R3). Relaxed: an ack that is lost in a crash comes again with the same seq (R6).
 */
export async function acknowledged(context: StoreContext, acks: readonly Ack[]): Promise<void> {
  const stale = new Set<ConversationId>();
  await write(
    context,
    'relaxed',
    ['meta', 'conversations', 'segments', 'merged', 'rows', 'outbox'],
    async (transaction) => {
      const { db, tell } = transaction;
      const waiting = new Map(
        outboxRows(
          transaction,
          (await db.outbox.bulkGet(acks.map(({ n }) => n))).filter((row) => row !== undefined),
        ).map((row) => [row.n, row]),
      );
      const conversations = new Map<ConversationId, ConversationRow>();
      const bySegment = new Map<number, { entry: OutboxRow; updates: StoredUpdate[]; deletions: boolean }>();
      for (const { n, seq, to } of acks) {
        const entry = waiting.get(n);
        const bytes = entry && (await updateRow(transaction, entry.s, entry.row))?.[0]?.bytes;
        if (!entry || !bytes) continue;
        const committed = committedAs(bytes, seq, to);
        const segment = bySegment.get(entry.s) ?? { entry, updates: [], deletions: false };
        segment.updates.push(...committed);
        segment.deletions ||=
          committed.length > 1 || (await holdsLateEdit(transaction, entry.s, decodeUpdate(bytes).elements));
        bySegment.set(entry.s, segment);
        const row = conversations.get(entry.conversation) ?? (await conversationRow(transaction, entry.conversation));
        if (row) conversations.set(entry.conversation, afterAck(row, entry, bytes, seq, to));
      }
      const entries = [...waiting.values()];
      if (entries.length === 0) return;
      await db.outbox.bulkDelete(entries.map(({ n }) => n));
      await db.rows.bulkDelete(entries.map(({ s, row }) => [s, row]));
      await db.conversations.bulkPut([...conversations.values()]);
      for (const { id, lastStale } of conversations.values()) if (lastStale) stale.add(id);
      for (const segment of bySegment.values()) await storeCommitted(transaction, segment);
      tell({ what: 'outbox' });
      tell({ what: 'conversations', ids: [...conversations.keys()] });
    },
  );
  for (const id of stale) await refreshLast(context, id);
}

/** The updates an ack stands for: the own one, and for a deletion the Yjs deletion the relay stored with it (D7). */
function committedAs(bytes: Uint8Array, seq: number, to: number): StoredUpdate[] {
  const event = ownEvent(bytes);
  if (to === seq || !event || !isKnown(event) || event.kind !== 'delete') return [{ seq, bytes }];
  const { replica, clock } = eventPlace(event.target);
  return [
    { seq, bytes },
    { seq: to, bytes: encodeDeletion([{ replica, clock, count: 1 }]) },
  ];
}

function afterAck(row: ConversationRow, entry: OutboxRow, bytes: Uint8Array, seq: number, to: number): ConversationRow {
  const event = ownEvent(bytes);
  const { segment, replica, clock } = entry;
  const folded = event ? foldLast(row, { segment, replica, clock, seq, event }) : row;
  return { ...folded, ...withSeqs(row, seq, to), head: Math.max(row.head, to) };
}

async function storeCommitted(
  transaction: WriteTransaction,
  { entry, updates, deletions }: { entry: OutboxRow; updates: StoredUpdate[]; deletions: boolean },
): Promise<void> {
  const n = await takeN(transaction, 1);
  await transaction.db.rows.add(packUpdates(updates), [entry.s, n]);
  transaction.context.upkeep.note(entry.conversation, entry.segment, updates.length, deletions);
  if (deletions) await transaction.db.segments.update(entry.s, { deletions: true });
  transaction.tell({
    what: 'segment',
    conversation: entry.conversation,
    segment: entry.segment,
    rows: [n],
    whole: false,
  });
}
