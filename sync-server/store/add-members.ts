import { Refusal } from '#schema/errors.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Queryable } from './database.ts';
import { lockGroup, requireAdmin } from './lock-conversation.ts';
import { requireUsers } from './require-users.ts';

/**
 * Adds people to a group, or takes them back in: as members, with nothing from before counting as unread. Who is in already stays
 * as they are. The conversation's row gets this transaction's id too, since its people are part of it (C4).
 * @returns those who were added now
 * @throws Refusal `unknown-conversation`, `not-a-member`, `not-allowed`, `not-found` for a person, `invalid-request` for too many
 */
export async function addMembers(
  transaction: Queryable,
  conversation: ConversationId,
  asker: UserId,
  users: readonly UserId[],
): Promise<UserId[]> {
  const locked = await lockGroup(transaction, conversation, asker);
  requireAdmin(locked);
  await requireUsers(transaction, users);
  const added = await transaction.query<{ user_id: UserId }>(
    `INSERT INTO memberships AS m (conversation_id, user_id, role, joined_seq) SELECT DISTINCT $1::uuid, wanted, 'member', $3::bigint FROM unnest($2::uuid[]) AS wanted
     ON CONFLICT (conversation_id, user_id) DO UPDATE
       SET role = 'member', joined_at = now(), joined_seq = excluded.joined_seq, left_at = NULL, xid = pg_current_xact_id()
       WHERE m.left_at IS NOT NULL
     RETURNING m.user_id`,
    [conversation, users, locked.headSeq],
  );
  if (added.length === 0) return [];
  const [count] = await transaction.query<{ members: number }>(
    `SELECT count(*) AS members FROM memberships WHERE conversation_id = $1 AND left_at IS NULL`,
    [conversation],
  );
  if ((count?.members ?? 0) > LIMITS.members)
    throw new Refusal('invalid-request', `A group may have at most ${LIMITS.members} members.`);
  await transaction.query(`UPDATE conversations SET xid = pg_current_xact_id() WHERE id = $1`, [conversation]);
  return added.map((row) => row.user_id);
}
