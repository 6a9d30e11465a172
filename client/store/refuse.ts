import type { ErrorCode } from '#schema/errors.ts';
import type { ConversationId, EventId } from '#schema/ids.ts';
import { isKnown } from '#schema/segment/events.ts';
import { FailedRow, OutboxRow } from './database-rows.ts';
import type { FailedEvent } from './device-store.ts';
import { refreshLast } from './find-last-message.ts';
import { changeInPlace, outboxOf, ownEventTables, waitingEvent } from './own-events.ts';
import { conversationRow, parsed, parsedAll } from './read-rows.ts';
import { read, write, type StoreContext, type WriteTransaction } from './store-context.ts';

/** Refusals that concern the whole conversation: nothing that waits for it can be taken. */
const CONVERSATION_WIDE: ReadonlySet<ErrorCode> = new Set(['not-a-member', 'unknown-conversation']);

/** An own update was refused for good (R9): its place is emptied so that the chain goes on, its content kept as failed. */
export async function refused(context: StoreContext, n: number, code: ErrorCode, message: string): Promise<void> {
  await write(context, 'strict', [...ownEventTables, 'failed'], async (transaction) => {
    const entry = parsed(transaction, 'outbox', n, OutboxRow, await transaction.db.outbox.get(n));
    if (!entry) return;
    if (CONVERSATION_WIDE.has(code)) await refuseAll(transaction, entry.conversation, code, message);
    else await refuseOne(transaction, entry, code, message);
  });
}

/** Refuses everything of a conversation that waits, and holds the emptied places back until the user may write again. */
export async function refuseAll(
  transaction: WriteTransaction,
  conversation: ConversationId,
  code: ErrorCode,
  message: string,
): Promise<void> {
  for (const entry of await outboxOf(transaction, conversation)) await refuseOne(transaction, entry, code, message);
  const row = await conversationRow(transaction, conversation);
  if (row) await transaction.db.conversations.put({ ...row, halted: true });
  transaction.tell({ what: 'conversations', ids: [conversation] });
}

async function refuseOne(
  transaction: WriteTransaction,
  entry: OutboxRow,
  code: ErrorCode,
  message: string,
): Promise<void> {
  const { db, tell } = transaction;
  const waiting = await waitingEvent(transaction, entry);
  if (!waiting || !isKnown(waiting.event) || waiting.event.kind === 'empty') return;
  const { id, event } = waiting;
  await db.failed.put({ conversation: entry.conversation, id, event, code, message: message.slice(0, 300) });
  await changeInPlace(transaction, entry, {
    kind: 'empty',
    by: event.by,
    at: event.kind === 'message' ? event.at : emptyAt(entry, event.at),
  });
  const row = await conversationRow(transaction, entry.conversation);
  if (row?.last?.id === id) await db.conversations.put({ ...row, last: { ...row.last, failed: true } });
  tell({ what: 'conversations', ids: [entry.conversation] });
}

/** D5: an `empty` stands in the month of its `at`, but an edit or a reaction may be written months after its target. */
export function emptyAt({ segment }: { readonly segment: string }, at: number): number {
  const [year = 0, month = 1] = segment.split('-').map(Number);
  return Math.min(Math.max(at, Date.UTC(year, month - 1)), Date.UTC(year, month) - 1);
}

/** What was refused of a conversation, with the text kept. */
export async function failed(context: StoreContext, conversation: ConversationId): Promise<FailedEvent[]> {
  return read(context, ['failed'], async (transaction) => {
    const raw = await transaction.db.failed
      .where('[conversation+id]')
      .between([conversation, ''], [conversation, '\uffff'])
      .toArray();
    return parsedAll(transaction, 'failed', FailedRow, raw, (row) => [row['conversation'], row['id']]);
  });
}

/** Forgets a failed event, when its person discards it. */
export async function discardFailed(context: StoreContext, conversation: ConversationId, id: EventId): Promise<void> {
  await write(context, 'strict', ['failed', 'conversations'], async (transaction) => {
    await transaction.db.failed.delete([conversation, id]);
    const row = await conversationRow(transaction, conversation);
    if (row?.last?.id === id) await transaction.db.conversations.put({ ...row, lastStale: true });
    transaction.tell({ what: 'conversations', ids: [conversation] });
  });
  await refreshLast(context, conversation);
}
