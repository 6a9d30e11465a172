/** The outbox as the leader works through it. */
import type { ConversationId } from '#schema/ids.ts';
import type { OutboxRow } from './database-rows.ts';
import type { OutboxEntry } from './device-store.ts';
import { outboxRows, wholeOutbox } from './own-events.ts';
import { conversationRow, updateRow } from './read-rows.ts';
import { read, write, type StoreContext, type Transaction } from './store-context.ts';

/** Rows read at a time while looking for what may go out. */
const STRIDE = 512;

export async function outbox(context: StoreContext, limit: number, after = 0): Promise<OutboxEntry[]> {
  return read(context, ['outbox', 'rows', 'conversations'], async (transaction) => {
    const entries: OutboxEntry[] = [];
    const mayGo = new Map<ConversationId, boolean>();
    let from = after;
    while (entries.length < limit) {
      const raw = await transaction.db.outbox.where('n').above(from).limit(STRIDE).toArray();
      for (const row of outboxRows(transaction, raw)) {
        if (entries.length === limit) break;
        let open = mayGo.get(row.conversation);
        if (open === undefined) mayGo.set(row.conversation, (open = await isOpen(transaction, row.conversation)));
        const entry = open ? await outboxEntry(transaction, row) : null;
        if (entry) entries.push(entry);
      }
      if (raw.length < STRIDE) break;
      from = raw.at(-1)?.n ?? Infinity;
    }
    return entries;
  });
}

/** What waits in a group the user was removed from is sent all the same: the refusal is what tells the person why (R9). */
async function isOpen(transaction: Transaction, id: ConversationId): Promise<boolean> {
  const row = await conversationRow(transaction, id);
  return row !== null && row.confirmed !== null && !row.halted;
}

async function outboxEntry(transaction: Transaction, row: OutboxRow): Promise<OutboxEntry | null> {
  const bytes = (await updateRow(transaction, row.s, row.row))?.[0]?.bytes;
  if (!bytes) return null;
  const { n, conversation, segment, replica, clock, attempted } = row;
  return { n, conversation, segment, replica, clock, count: 1, bytes, attempted };
}

export async function outboxSize(context: StoreContext): Promise<{ updates: number; bytes: number; commands: number }> {
  return read(context, ['outbox', 'commands'], async (transaction) => {
    const rows = (await wholeOutbox(transaction)).filter((row) => !row.empty);
    return {
      updates: rows.length,
      bytes: rows.reduce((sum, row) => sum + row.size, 0),
      commands: await transaction.db.commands.count(),
    };
  });
}

/** P5: from here on the relay may have committed them unseen, so the mark is durable before they go out. */
export async function markAttempted(context: StoreContext, ns: readonly number[]): Promise<void> {
  await write(context, 'strict', ['outbox'], async (transaction) => {
    const rows = outboxRows(
      transaction,
      (await transaction.db.outbox.bulkGet([...ns])).filter((row) => row !== undefined),
    );
    const fresh = rows.filter((row) => !row.attempted);
    if (fresh.length === 0) return;
    await transaction.db.outbox.bulkPut(fresh.map((row) => ({ ...row, attempted: true })));
    transaction.tell({ what: 'outbox' });
  });
}
