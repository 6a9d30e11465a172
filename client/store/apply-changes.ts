import type { ConversationId } from '#schema/ids.ts';
import { mergeReadState } from '#schema/read-state.ts';
import type { Changes } from '#schema/wire/changes.ts';
import type { ConversationRecord } from '#schema/wire/people.ts';
import { ConversationRow, MemberRow, PersonRow, type CommandRow } from './database-rows.ts';
import { lastN } from './counters.ts';
import { commandRows, deviceRow, layConversation, layMember, layPerson } from './optimistic.ts';
import { conversationRow, parsedAll } from './read-rows.ts';
import { write, type StoreContext, type WriteTransaction } from './store-context.ts';
import { dropRead } from './unread.ts';

/**
 * Stores relational changes and their cursor in one transaction (C4). Another epoch than the last one voids every cursor (C5): what
 * the device has stays, and is fetched anew.
 */
export async function applyChanges(context: StoreContext, changes: Changes, epoch: string): Promise<void> {
  const tables = ['meta', 'conversations', 'people', 'members', 'segments', 'unread', 'commands'] as const;
  await write(context, 'relaxed', tables, async (transaction) => {
    const { db } = transaction;
    const device = await deviceRow(transaction);
    const round = device.round + 1;
    if (device.epoch !== null && device.epoch !== epoch) await voidCursors(transaction);
    await db.meta.put({ ...device, epoch, since: changes.cursor, round });

    const commands = await commandRows(transaction);
    for (const record of changes.people) await layPerson(transaction, commands, record.id, { record, round });
    for (const record of changes.members) await layMember(transaction, commands, record, { record, round });
    for (const record of changes.conversations) await takeConversation(transaction, commands, record, round);
    for (const [id, head] of changes.heads) await takeHead(transaction, id, head);
    if (changes.complete) await forgetTheRest(transaction, commands, changes, round);
  });
}

/** A conversation's record: shown, with the read state merged (E1), and open again for what waits if the user is a member. */
async function takeConversation(
  transaction: WriteTransaction,
  commands: readonly CommandRow[],
  record: ConversationRecord,
  round: number,
): Promise<void> {
  const row = await layConversation(transaction, commands, record.id, { record, round });
  if (!row) return;
  const read = mergeReadState(row.read, record.read);
  const unread = await dropRead(transaction, row.id, read, record.joinedSeq);
  await transaction.db.conversations.put({ ...row, read, unread, halted: row.halted && record.left });
}

async function takeHead(transaction: WriteTransaction, id: ConversationId, head: number): Promise<void> {
  const row = await conversationRow(transaction, id);
  if (!row || head <= row.head) return;
  await transaction.db.conversations.put({ ...row, head });
  transaction.tell({ what: 'conversations', ids: [id] });
}

async function voidCursors(transaction: WriteTransaction): Promise<void> {
  const { db } = transaction;
  const staleN = Math.max(1, await lastN(transaction));
  await db.conversations.toCollection().modify({ cursor: null, ahead: [], head: 0 });
  await db.segments.toCollection().modify({ present: false, staleN, needs: 0 });
}

/** The answer to a device that asked for everything: what is not in it is gone. Messages stay, as of a conversation one left. */
async function forgetTheRest(
  transaction: WriteTransaction,
  commands: readonly CommandRow[],
  changes: Changes,
  round: number,
): Promise<void> {
  const { db, tell } = transaction;
  const gone = { record: null, round };
  const people = new Set<string>(changes.people.map(({ id }) => id));
  for (const { id } of parsedAll(transaction, 'people', PersonRow, await db.people.toArray(), (row) => row['id'])) {
    if (!people.has(id)) await layPerson(transaction, commands, id, gone);
  }
  const members = new Set<string>(changes.members.map(({ conversation, user }) => `${conversation} ${user}`));
  for (const row of parsedAll(transaction, 'members', MemberRow, await db.members.toArray(), (raw) => [
    raw['conversation'],
    raw['user'],
  ])) {
    if (!members.has(`${row.conversation} ${row.user}`)) await layMember(transaction, commands, row, gone);
  }
  const conversations = new Set<string>(changes.conversations.map(({ id }) => id));
  for (const row of parsedAll(
    transaction,
    'conversations',
    ConversationRow,
    await db.conversations.toArray(),
    (raw) => raw['id'],
  )) {
    if (conversations.has(row.id) || row.confirmed === null || row.confirmed.left) continue;
    const left = { ...row.confirmed, left: true };
    await db.conversations.put({ ...row, confirmed: left, record: { ...row.record, left: true } });
    tell({ what: 'conversations', ids: [row.id] });
  }
}
