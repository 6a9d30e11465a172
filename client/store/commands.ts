/** Relational changes that wait for the server, and what they show meanwhile. */
import type { ErrorCode } from '#schema/errors.ts';
import type { ConversationRecord, MemberRecord, Person } from '#schema/wire/people.ts';
import { CommandRow, MemberRow, PersonRow, RefusalRow, type ConversationRow } from './database-rows.ts';
import type { CommandEntry, StoredRefusal } from './device-store.ts';
import { commandRows, deviceRow, layConversation, layMember, layPerson } from './optimistic.ts';
import { outboxOf, ownEventTables } from './own-events.ts';
import { conversationRow, parsed, parsedAll } from './read-rows.ts';
import { refuseAll } from './refuse.ts';
import { read, write, type StoreContext, type WriteTransaction } from './store-context.ts';

interface Effect {
  readonly conversation?: ConversationRecord;
  readonly members?: MemberRecord[];
  readonly people?: Person[];
}

const relational = ['meta', 'conversations', 'people', 'members', 'commands'] as const;

/** Stores a command and shows its effect, in one strict transaction. */
export async function enqueueCommand(
  context: StoreContext,
  command: Omit<CommandEntry, 'n'>,
  effect: Effect,
): Promise<void> {
  await write(context, 'strict', relational, async (transaction) => {
    const { round } = await deviceRow(transaction);
    const { key, method, path, body, title, creates } = command;
    await transaction.db.commands.add({ key, method, path, body, title, creates, round, effect });
    await layEffect(transaction, effect);
    transaction.tell({ what: 'commands' });
  });
}

export async function commands(context: StoreContext): Promise<CommandEntry[]> {
  return read(context, ['commands'], async (transaction) =>
    (await commandRows(transaction)).map(({ n, key, method, path, body, title, creates }) => ({
      n,
      key,
      method,
      path,
      body,
      title,
      creates,
    })),
  );
}

/** The server answered. Accepted: the effect is confirmed, unless `changes` told something newer. Refused: the effect is undone. */
export async function commandDone(
  context: StoreContext,
  n: number,
  refusal: { code: ErrorCode; message: string } | null,
): Promise<void> {
  const tables = [...new Set([...relational, ...ownEventTables, 'failed', 'refusals'] as const)];
  await write(context, 'strict', tables, async (transaction) => {
    const { db, tell } = transaction;
    const command = parsed(transaction, 'commands', n, CommandRow, await db.commands.get(n));
    if (!command) return;
    await db.commands.delete(n);
    tell({ what: 'commands' });
    if (refusal) {
      await db.refusals.add({ title: command.title, ...refusal, message: refusal.message.slice(0, 300) });
      await layEffect(transaction, command.effect);
      const created = command.creates && (await conversationRow(transaction, command.creates));
      if (created && created.confirmed === null) await giveUpConversation(transaction, created, refusal);
    } else {
      await confirmEffect(transaction, command);
    }
  });
}

/** Lays every row anew that an effect is about. */
async function layEffect(
  transaction: WriteTransaction,
  effect: { [K in keyof Effect]?: Effect[K] | undefined },
): Promise<void> {
  const waiting = await commandRows(transaction);
  if (effect.conversation) await layConversation(transaction, waiting, effect.conversation.id, undefined);
  for (const member of effect.members ?? []) await layMember(transaction, waiting, member, undefined);
  for (const person of effect.people ?? []) await layPerson(transaction, waiting, person.id, undefined);
}

/** What an accepted command showed counts as confirmed where nothing newer was heard since it was given. */
async function confirmEffect(transaction: WriteTransaction, { effect, round }: CommandRow): Promise<void> {
  const waiting = await commandRows(transaction);
  const { conversation, members = [], people = [] } = effect;
  const news = <T>(
    record: T,
    before: { round: number; confirmed: T | null } | null,
  ): { record: T; round: number } | undefined =>
    !before || before.confirmed === null || before.round <= round ? { record, round: before?.round ?? 0 } : undefined;
  if (conversation) {
    const before = await conversationRow(transaction, conversation.id);
    await layConversation(transaction, waiting, conversation.id, news(conversation, before));
  }
  for (const member of members) {
    const key: [string, string] = [member.conversation, member.user];
    const before = parsed(transaction, 'members', key, MemberRow, await transaction.db.members.get(key));
    await layMember(transaction, waiting, member, news(member, before));
  }
  for (const person of people) {
    const before = parsed(transaction, 'people', person.id, PersonRow, await transaction.db.people.get(person.id));
    await layPerson(transaction, waiting, person.id, news(person, before));
  }
}

/** The conversation will not be: without own words in it, it goes; with them, it stays to be read, as one the user is not in. */
async function giveUpConversation(
  transaction: WriteTransaction,
  row: ConversationRow,
  refusal: { code: ErrorCode; message: string },
): Promise<void> {
  const { db, tell } = transaction;
  const waiting = await outboxOf(transaction, row.id);
  if (waiting.length === 0 && row.draft === null) {
    await db.conversations.delete(row.id);
    await db.members.where('[conversation+user]').between([row.id, ''], [row.id, '\uffff']).delete();
  } else {
    await refuseAll(transaction, row.id, refusal.code, refusal.message);
    const now = await conversationRow(transaction, row.id);
    if (now) await db.conversations.put({ ...now, record: { ...now.record, left: true } });
  }
  tell({ what: 'conversations', ids: [row.id] });
}

export async function refusals(context: StoreContext): Promise<StoredRefusal[]> {
  return read(context, ['refusals'], async (transaction) =>
    parsedAll(
      transaction,
      'refusals',
      RefusalRow,
      await transaction.db.refusals.orderBy('n').toArray(),
      (row) => row['n'],
    ),
  );
}

export async function dismissRefusal(context: StoreContext, n: number): Promise<void> {
  await write(context, 'relaxed', ['refusals'], async ({ db, tell }) => {
    await db.refusals.delete(n);
    tell({ what: 'commands' });
  });
}
