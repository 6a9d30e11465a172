import { Refusal } from '#schema/errors.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { Role } from '#schema/wire/people.ts';
import type { Queryable } from './database.ts';
import { lockConversation } from './lock-conversation.ts';

/**
 * Takes somebody out of a group: oneself, or, for an owner, anybody, or, for an admin, members. Their row stays, with the time, so that
 * their devices learn of it and what they wrote keeps its author. An owner who leaves hands over to the admin, else the member, who
 * has been in it longest.
 * @returns whether they were a member until now
 * @throws Refusal `unknown-conversation`, `not-a-member`, `not-allowed`; `not-found` if they never were a member
 */
export async function removeMember(
  transaction: Queryable,
  conversation: ConversationId,
  asker: UserId,
  user: UserId,
): Promise<boolean> {
  const locked = await lockConversation(transaction, conversation, asker);
  // Leaving again what was left is no error: the first answer may have been lost.
  if (locked.asker.left && asker === user) return false;
  if (locked.asker.left) throw new Refusal('not-a-member');
  if (locked.kind !== 'group') throw new Refusal('not-allowed', 'Only a group can be left.');
  const [target] = await transaction.query<{ role: Role; left: boolean }>(
    `SELECT role, left_at IS NOT NULL AS left FROM memberships WHERE conversation_id = $1 AND user_id = $2`,
    [conversation, user],
  );
  if (asker !== user && !mayRemove(locked.asker.role, target?.role ?? 'member'))
    throw new Refusal('not-allowed', 'You may not remove this person.');
  if (!target) throw new Refusal('not-found', 'This person is not in the group.');
  if (target.left) return false;
  await transaction.query(
    `UPDATE memberships SET left_at = now(), role = 'member', xid = pg_current_xact_id() WHERE conversation_id = $1 AND user_id = $2`,
    [conversation, user],
  );
  if (target.role === 'owner') await handOver(transaction, conversation);
  await transaction.query(`UPDATE conversations SET xid = pg_current_xact_id() WHERE id = $1`, [conversation]);
  return true;
}

function mayRemove(asker: Role, target: Role): boolean {
  return asker === 'owner' || (asker === 'admin' && target === 'member');
}

/** Not to a placeholder, who cannot act: with nobody else left the group has no owner. */
async function handOver(transaction: Queryable, conversation: ConversationId): Promise<void> {
  await transaction.query(
    `UPDATE memberships SET role = 'owner', xid = pg_current_xact_id()
     WHERE conversation_id = $1
       AND NOT EXISTS (SELECT FROM memberships o WHERE o.conversation_id = $1 AND o.role = 'owner' AND o.left_at IS NULL)
       AND user_id = (
         SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.conversation_id = $1 AND m.left_at IS NULL AND NOT u.placeholder
         ORDER BY m.role = 'admin' DESC, m.joined_at, m.user_id LIMIT 1)`,
    [conversation],
  );
}
