/**
 * What waiting commands show before the server has answered. A relational row keeps what the server said last (`confirmed`) and what
 * is shown (`record`): the effect of the last waiting command about it, or else what is confirmed. So a refused command takes
 * back its own effect and no other's.
 */
import type { ConversationId } from '#schema/ids.ts';
import type { ConversationRecord, MemberRecord, Person } from '#schema/wire/people.ts';
import { CommandRow, DeviceRow, MemberRow, PersonRow, type ConversationRow } from './database-rows.ts';
import { newConversation } from './new-conversation.ts';
import { conversationRow, parsed, parsedAll } from './read-rows.ts';
import type { Transaction, WriteTransaction } from './store-context.ts';

/** The commands that wait, oldest first. */
export async function commandRows(transaction: Transaction): Promise<CommandRow[]> {
  return parsedAll(
    transaction,
    'commands',
    CommandRow,
    await transaction.db.commands.orderBy('n').toArray(),
    (row) => row['n'],
  );
}

/** The round of `changes` the device is in. */
export async function deviceRow(transaction: Transaction): Promise<DeviceRow> {
  const row = parsed(transaction, 'meta', 'device', DeviceRow, await transaction.db.meta.get('device'));
  if (!row) throw new Error('this database does not know whose it is');
  return row;
}

/** What the server says a row is now: `undefined` leaves it as it was, null: the server does not have it. */
type Confirmed<T> = { readonly record: T | null; readonly round: number } | undefined;

/** Writes a person's row anew from what is confirmed and what waits. */
export async function layPerson(
  { db, ...rest }: WriteTransaction,
  commands: readonly CommandRow[],
  id: Person['id'],
  news: Confirmed<Person>,
): Promise<void> {
  const before = parsed({ db, ...rest }, 'people', id, PersonRow, await db.people.get(id));
  const effects = commands.flatMap(({ effect }) => effect.people ?? []).filter((person) => person.id === id);
  const confirmed = news ? news.record : (before?.confirmed ?? null);
  const record = effects.at(-1) ?? confirmed;
  if (record) await db.people.put({ id, record, confirmed, round: news?.round ?? before?.round ?? 0 });
  else await db.people.delete(id);
  rest.tell({ what: 'people' });
}

/** Writes a member's row anew from what is confirmed and what waits. */
export async function layMember(
  { db, ...rest }: WriteTransaction,
  commands: readonly CommandRow[],
  { conversation, user }: Pick<MemberRecord, 'conversation' | 'user'>,
  news: Confirmed<MemberRecord>,
): Promise<void> {
  const key: [string, string] = [conversation, user];
  const before = parsed({ db, ...rest }, 'members', key, MemberRow, await db.members.get(key));
  const effects = commands
    .flatMap(({ effect }) => effect.members ?? [])
    .filter((member) => member.conversation === conversation && member.user === user);
  const confirmed = news ? news.record : (before?.confirmed ?? null);
  const record = effects.at(-1) ?? confirmed;
  if (record) await db.members.put({ conversation, user, record, confirmed, round: news?.round ?? before?.round ?? 0 });
  else await db.members.delete(key);
  rest.tell({ what: 'members', conversation });
}

/**
 * Writes a conversation's row anew from what is confirmed and what waits. Gives it, or null when nothing is left to be shown (its
 * row is as it was then).
 */
export async function layConversation(
  transaction: WriteTransaction,
  commands: readonly CommandRow[],
  id: ConversationId,
  news: Confirmed<ConversationRecord>,
): Promise<ConversationRow | null> {
  const before = await conversationRow(transaction, id);
  const effects = commands
    .flatMap(({ effect }) => effect.conversation ?? [])
    .filter((conversation) => conversation.id === id);
  const confirmed = news ? news.record : (before?.confirmed ?? null);
  const record = effects.at(-1) ?? confirmed;
  if (!record) return null;
  const row: ConversationRow = {
    ...(before ?? newConversation(record)),
    record,
    confirmed,
    round: news?.round ?? before?.round ?? 0,
  };
  await transaction.db.conversations.put(row);
  transaction.tell({ what: 'conversations', ids: [id] });
  return row;
}
