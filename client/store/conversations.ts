/** The conversations as the list needs them, people, members, and what a person does to their own state of a conversation. */
import type { ConversationId } from '#schema/ids.ts';
import { mergeReadState, type ReadState } from '#schema/read-state.ts';
import type { MemberRecord, Person } from '#schema/wire/people.ts';
import { ConversationRow, DamagedTableRow, MemberRow, PersonRow } from './database-rows.ts';
import type { DamagedRow, DeviceState, Draft, LastMessage, StoredConversation } from './device-store.ts';
import { activityOf, isPending } from './listed-conversation.ts';
import { deviceRow } from './optimistic.ts';
import { conversationRow, parsedAll } from './read-rows.ts';
import { read, write, type StoreContext } from './store-context.ts';
import { dropRead } from './unread.ts';

export async function device(context: StoreContext): Promise<DeviceState> {
  const { user, device: id, epoch, since } = await read(context, ['meta'], deviceRow);
  return { user, device: id, epoch, since };
}

export async function conversations(context: StoreContext): Promise<StoredConversation[]> {
  return read(context, ['conversations'], async (transaction) =>
    parsedAll(
      transaction,
      'conversations',
      ConversationRow,
      await transaction.db.conversations.toArray(),
      (row) => row['id'],
    ).map(stored),
  );
}

export async function conversation(context: StoreContext, id: ConversationId): Promise<StoredConversation | null> {
  const row = await read(context, ['conversations'], (transaction) => conversationRow(transaction, id));
  return row && stored(row);
}

function stored(row: ConversationRow): StoredConversation {
  const { read: reached, confirmed, cursor, head, unread, draft, last } = row;
  return {
    record: { ...row.record, read: reached },
    readUnsent: confirmed !== null && !sameReadState(mergeReadState(confirmed.read, reached), confirmed.read),
    pending: isPending(row),
    cursor,
    head,
    lastMessage: last && lastMessage(last),
    unread,
    activity: activityOf(last && last.place, row.record),
    draft,
  };
}

function lastMessage({
  id,
  by,
  place,
  text,
  deleted,
  unknown,
  seq,
  failed,
}: NonNullable<ConversationRow['last']>): LastMessage {
  return { id, by, at: place.at, text, deleted, unknown, seq, failed };
}

function sameReadState(one: ReadState, other: ReadState): boolean {
  const keys = new Set([...Object.keys(one.above), ...Object.keys(other.above)]);
  return one.seq === other.seq && [...keys].every((key) => one.above[key] === other.above[key]);
}

export async function people(context: StoreContext): Promise<Person[]> {
  return read(context, ['people'], async (transaction) =>
    parsedAll(transaction, 'people', PersonRow, await transaction.db.people.toArray(), (row) => row['id']).map(
      ({ record }) => record,
    ),
  );
}

export async function members(context: StoreContext, id: ConversationId): Promise<MemberRecord[]> {
  return read(context, ['members'], async (transaction) => {
    const raw = await transaction.db.members.where('[conversation+user]').between([id, ''], [id, '\uffff']).toArray();
    return parsedAll(transaction, 'members', MemberRow, raw, (row) => [row['conversation'], row['user']]).map(
      ({ record }) => record,
    );
  });
}

/** Strict: a draft is a person's words too. */
export async function saveDraft(context: StoreContext, id: ConversationId, draft: Draft | null): Promise<void> {
  await write(context, 'strict', ['conversations'], async (transaction) => {
    const row = await conversationRow(transaction, id);
    if (!row) return;
    await transaction.db.conversations.put({ ...row, draft: draft && { ...draft } });
    transaction.tell({ what: 'conversations', ids: [id] });
  });
}

/** Own read state, merged by maximum (E1). */
export async function markRead(context: StoreContext, id: ConversationId, state: ReadState): Promise<void> {
  await write(context, 'relaxed', ['conversations', 'unread'], async (transaction) => {
    const row = await conversationRow(transaction, id);
    if (!row) return;
    const merged = mergeReadState(row.read, state);
    if (sameReadState(merged, row.read)) return;
    const unread = await dropRead(transaction, id, merged, row.record.joinedSeq);
    await transaction.db.conversations.put({ ...row, read: merged, unread });
    transaction.tell({ what: 'conversations', ids: [id] });
  });
}

export async function damaged(context: StoreContext): Promise<DamagedRow[]> {
  return read(context, ['damaged'], async (transaction) => {
    const rows = (await transaction.db.damaged.toArray()).map((row) => DamagedTableRow.safeParse(row));
    return rows.flatMap(({ data }) =>
      data ? [{ table: data.table, key: data.key, reason: data.reason, at: data.at }] : [],
    );
  });
}
