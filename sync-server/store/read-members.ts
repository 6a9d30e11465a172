import type { ConversationId, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** Who is in a conversation, as of one of its versions. */
export interface ConversationMembers {
  /** The conversation's transaction id of its last relational change. */
  readonly version: string;
  /** Present members. */
  readonly users: readonly UserId[];
}

/** Reads the members of conversations. Those that do not exist are left out. */
export async function readMembers(
  database: Queryable,
  conversations: readonly ConversationId[],
): Promise<Map<ConversationId, ConversationMembers>> {
  const rows = await database.query<{ id: ConversationId; version: string; users: UserId[] }>(
    `SELECT c.id, c.xid AS version,
            array(SELECT m.user_id FROM memberships m WHERE m.conversation_id = c.id AND m.left_at IS NULL)::text[] AS users
     FROM conversations c WHERE c.id = ANY ($1::uuid[])`,
    [conversations],
    'read-members',
  );
  return new Map(rows.map(({ id, version, users }) => [id, { version, users }]));
}
