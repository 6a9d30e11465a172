/**
 * The ids that follow from who is in a conversation. Apart from the other ids, whose parser the first list of conversations must not
 * wait for.
 */
import { v5 } from 'uuid';
import type { ConversationId, UserId } from './ids.ts';

const DIRECT_NAMESPACE = '6b1d7c0e-64a2-5f5c-9f0a-3f1f0b8f5d11';
const SELF_NAMESPACE = 'b6a3a2f4-0a53-5d0e-8d55-9c6f4a4f7c22';

/** The id of the direct conversation of two people: the same whoever computes it, so both sides may start it offline. */
export function directConversationId(one: UserId, other: UserId): ConversationId {
  return v5([one, other].sort().join(' '), DIRECT_NAMESPACE) as ConversationId;
}

/** The id of a person's conversation with themselves. */
export function selfConversationId(user: UserId): ConversationId {
  return v5(user, SELF_NAMESPACE) as ConversationId;
}
