/** The SQL of `npm run import`: the group that messages are imported into, and the people who wrote them. */
import type { ConversationId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { addMembers } from './add-members.ts';
import { createConversation } from './create-conversation.ts';
import { classifyDatabaseError } from './database-errors.ts';
import type { DatabaseSession, Queryable } from './database.ts';

/** The accounts with these emails, without regard to case, in their order; undefined for those that have none. */
export async function findUsersByEmail(
  database: Queryable,
  emails: readonly string[],
): Promise<(UserId | undefined)[]> {
  const rows = await database.query<{ id: UserId; email: string }>(
    `SELECT u.id, wanted.email FROM unnest($1::text[]) AS wanted (email) JOIN users u ON lower(u.email) = lower(wanted.email)`,
    [emails],
  );
  const ids = new Map(rows.map(({ email, id }) => [email, id]));
  return emails.map((email) => ids.get(email));
}

/**
 * Creates the group for an import, or finds it and adds who is not in it yet.
 * @param people the first owns it
 * @throws Refusal when the group is not theirs to change any more
 */
export async function openImportTarget(
  transaction: Queryable,
  conversation: ConversationId,
  title: string,
  people: readonly [UserId, ...UserId[]],
): Promise<void> {
  const [owner, ...others] = people;
  const [existing] = await transaction.query('SELECT FROM conversations WHERE id = $1', [conversation]);
  if (existing) await addMembers(transaction, conversation, owner, others);
  else await createConversation(transaction, { id: conversation, kind: 'group', title, createdBy: owner, others });
}

/** How long a lock is waited for: a process that was killed is noticed by the database within this time. ms */
const lockPatience = 2_000;

/** Keeps other imports off a conversation while this session lasts. False: one is under way. */
export async function lockImport(session: DatabaseSession, conversation: ConversationId): Promise<boolean> {
  await session.query(`SET lock_timeout = ${lockPatience}`);
  try {
    await session.query(`SELECT pg_advisory_lock(hashtextextended('import ' || $1, 0))`, [conversation]);
    return true;
  } catch (error) {
    if (classifyDatabaseError(error).code === '55P03') return false;
    throw error;
  } finally {
    await session.query('SET lock_timeout = 0');
  }
}

export async function unlockImport(session: DatabaseSession, conversation: ConversationId): Promise<void> {
  await session.query(`SELECT pg_advisory_unlock(hashtextextended('import ' || $1, 0))`, [conversation]);
}

/** Somebody who wrote what is imported, and has no account. */
export interface ImportWriter {
  readonly id: UserId;
  readonly name: string;
}

/**
 * Makes placeholder people members of a group, each with a replica to write with; those who are there already stay as they are. Who was
 * removed from the group since is not taken back: their messages will be refused.
 * @returns the replica of each; those for whom the group has no room are left out
 */
export async function openWriters(
  transaction: Queryable,
  conversation: ConversationId,
  writers: readonly ImportWriter[],
): Promise<Map<UserId, number>> {
  // As every change of members does: an update that is being committed is either before this or after (R8).
  await transaction.query('SELECT FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [conversation]);
  const room = await placesLeft(transaction, conversation);
  const known = await transaction.query<{ user_id: UserId }>(
    'SELECT user_id FROM memberships WHERE conversation_id = $1 AND user_id = ANY ($2::uuid[])',
    [conversation, writers.map((writer) => writer.id)],
  );
  const before = new Set(known.map((row) => row.user_id));
  const fresh = writers.filter((writer) => !before.has(writer.id)).slice(0, room);
  if (fresh.length > 0) {
    const ids = fresh.map((writer) => writer.id);
    await transaction.query(
      `INSERT INTO users (id, name, placeholder) SELECT id, name, true FROM unnest($1::uuid[], $2::text[]) AS w (id, name) ON CONFLICT (id) DO NOTHING`,
      [ids, fresh.map((writer) => writer.name)],
    );
    await transaction.query(
      `INSERT INTO memberships (conversation_id, user_id, role) SELECT $1, id, 'member' FROM unnest($2::uuid[]) AS w (id)`,
      [conversation, ids],
    );
    await transaction.query('UPDATE conversations SET xid = pg_current_xact_id() WHERE id = $1', [conversation]);
  }
  return importReplicas(transaction, [...before, ...fresh.map((writer) => writer.id)]);
}

async function placesLeft(transaction: Queryable, conversation: ConversationId): Promise<number> {
  const [row] = await transaction.query<{ members: number }>(
    'SELECT count(*)::int AS members FROM memberships WHERE conversation_id = $1 AND left_at IS NULL',
    [conversation],
  );
  return Math.max(0, LIMITS.members - (row?.members ?? 0));
}

/** The replica a command writes with for each of these users, granted now where they have none. A number a stock client took is skipped. */
export async function importReplicas(transaction: Queryable, users: readonly UserId[]): Promise<Map<UserId, number>> {
  const replicas = new Map<UserId, number>();
  const held = await transaction.query<{ user_id: UserId; replica: number }>(
    `SELECT user_id, min(replica) AS replica FROM replicas
     WHERE user_id = ANY ($1::uuid[]) AND granted_by = 'import' AND retired_at IS NULL GROUP BY user_id`,
    [users],
  );
  for (const row of held) replicas.set(row.user_id, row.replica);
  for (let turn = 0; turn < 10 && replicas.size < users.length; turn++) {
    const granted = await transaction.query<{ user_id: UserId; replica: number }>(
      `INSERT INTO replicas (replica, user_id, granted_by) SELECT nextval('replica_ids'), id, 'import' FROM unnest($1::uuid[]) AS w (id)
       ON CONFLICT (replica) DO NOTHING RETURNING user_id, replica`,
      [users.filter((user) => !replicas.has(user))],
    );
    for (const row of granted) replicas.set(row.user_id, row.replica);
  }
  return replicas;
}

/** The next clock of every replica in every segment of a conversation, by `segment/replica`. */
export async function readClocks(database: Queryable, conversation: ConversationId): Promise<Map<string, number>> {
  const rows = await database.query<{ segment: string; replica: number; next_clock: number }>(
    'SELECT segment, replica, next_clock FROM replica_clocks WHERE conversation_id = $1',
    [conversation],
  );
  return new Map(rows.map((row) => [`${row.segment}/${row.replica}`, row.next_clock]));
}

/**
 * What was imported is history: as long as nobody but an import has written into the group, nothing of it counts as unread.
 * @returns whose place moved
 */
export async function markImportedRead(transaction: Queryable, conversation: ConversationId): Promise<UserId[]> {
  await transaction.query('SELECT FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [conversation]);
  const moved = await transaction.query<{ user_id: UserId }>(
    `UPDATE memberships m SET joined_seq = c.head_seq, xid = pg_current_xact_id()
     FROM conversations c, users u
     WHERE c.id = $1 AND m.conversation_id = c.id AND u.id = m.user_id AND NOT u.placeholder AND m.left_at IS NULL AND m.joined_seq < c.head_seq
       AND NOT EXISTS (SELECT FROM replica_clocks k JOIN replicas r ON r.replica = k.replica
                       WHERE k.conversation_id = c.id AND r.granted_by <> 'import')
     RETURNING m.user_id`,
    [conversation],
  );
  return moved.map((row) => row.user_id);
}
