import type { ConversationId, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';
import { lockGroup, requireAdmin } from './lock-conversation.ts';

/**
 * Gives a group another title. Of two at once the one that reaches the server last stays.
 * @returns whether it changed
 * @throws Refusal `unknown-conversation`, `not-a-member`, `not-allowed`
 */
export async function renameConversation(
  transaction: Queryable,
  conversation: ConversationId,
  asker: UserId,
  title: string,
): Promise<boolean> {
  requireAdmin(await lockGroup(transaction, conversation, asker));
  const changed = await transaction.query(
    `UPDATE conversations SET title = $2, xid = pg_current_xact_id() WHERE id = $1 AND title <> $2 RETURNING id`,
    [conversation, title],
  );
  return changed.length === 1;
}
