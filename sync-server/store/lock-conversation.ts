import { Refusal } from '#schema/errors.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { ConversationKind, Role } from '#schema/wire/people.ts';
import type { Queryable } from './database.ts';

/** A conversation whose row this transaction holds, and the place in it of the user who asks. */
export interface LockedConversation {
  readonly kind: ConversationKind;
  readonly createdBy: UserId;
  readonly headSeq: number;
  /** `left`: was a member once. */
  readonly asker: { readonly role: Role; readonly left: boolean };
}

/**
 * Holds a conversation's row until the transaction ends. `commit_updates` takes the same lock before it looks at memberships, so no
 * update of a removed member can be committed after the removal (R8); commands about one conversation happen one after the other.
 * @throws Refusal `unknown-conversation` also to those who never were members: whether it exists is not theirs to know
 */
export async function lockConversation(
  transaction: Queryable,
  conversation: ConversationId,
  asker: UserId,
): Promise<LockedConversation> {
  const [row] = await transaction.query<{ kind: ConversationKind; created_by: UserId; head_seq: number }>(
    `SELECT kind, created_by, head_seq FROM conversations WHERE id = $1 FOR NO KEY UPDATE`,
    [conversation],
  );
  // A statement of its own: its snapshot is newer than the wait for the lock.
  const [place] = await transaction.query<{ role: Role; left: boolean }>(
    `SELECT role, left_at IS NOT NULL AS left FROM memberships WHERE conversation_id = $1 AND user_id = $2`,
    [conversation, asker],
  );
  if (!row || !place) throw new Refusal('unknown-conversation');
  return { kind: row.kind, createdBy: row.created_by, headSeq: row.head_seq, asker: place };
}

/**
 * The locked conversation, if it is a group of which the asker is a member now.
 * @throws Refusal `unknown-conversation`, `not-a-member`, or `not-allowed` for conversations that have no members to change
 */
export async function lockGroup(
  transaction: Queryable,
  conversation: ConversationId,
  asker: UserId,
): Promise<LockedConversation> {
  const locked = await lockConversation(transaction, conversation, asker);
  if (locked.asker.left) throw new Refusal('not-a-member');
  if (locked.kind !== 'group') throw new Refusal('not-allowed', 'Only groups can be changed.');
  return locked;
}

/** @throws Refusal `not-allowed` unless the asker is owner or admin */
export function requireAdmin(locked: LockedConversation): void {
  if (locked.asker.role === 'member')
    throw new Refusal('not-allowed', 'Only the owner and admins of a group may do this.');
}
