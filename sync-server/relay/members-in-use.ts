/**
 * Conversations in use at this node: who is in them, and up to which seq everybody here was told. Members are kept together with the
 * conversation's version and every commit names the version it was made under, so a removal is never overlooked (R12), whatever gets
 * lost between nodes.
 */
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { PushOrigin } from './waiting-push.ts';

export interface ConversationInUse {
  readonly conversation: ConversationId;
  /** Null until read. */
  version: string | null;
  users: readonly UserId[];
  /** What was told begins after this seq. */
  from: number;
  /** Everything from there up to here was told. */
  told: number;
  /** What is known to be committed. Above `told` while it is being caught up with. */
  committed: number;
  /** Under way of being caught up with. */
  catchingUp: boolean;
  /** Who pushed rows that are still to be told, by seq: their sockets are left out (S7). */
  readonly origins: Map<number, PushOrigin>;
}

/** Conversations kept besides the followed; above it the one not used for longest is forgotten and read anew when needed. */
const mostInUse = 20_000;

export interface MembersInUse {
  get(conversation: ConversationId): ConversationInUse | null;
  /** Begins to keep a conversation of which everything up to `told` needs no telling. */
  begin(conversation: ConversationId, told: number): ConversationInUse;
  forget(conversation: ConversationId): void;
}

/** @param followed whether a conversation must not be forgotten: somebody is to be told all of it without a gap */
export function createMembersInUse(followed: (conversation: ConversationId) => boolean): MembersInUse {
  const inUse = new Map<ConversationId, ConversationInUse>();
  return {
    get(conversation) {
      const found = inUse.get(conversation);
      if (!found) return null;
      // To the end of the map's order: the least recently used comes first.
      inUse.delete(conversation);
      inUse.set(conversation, found);
      return found;
    },
    begin(conversation, told) {
      const state: ConversationInUse = {
        conversation,
        version: null,
        users: [],
        from: told,
        told,
        committed: told,
        catchingUp: false,
        origins: new Map(),
      };
      inUse.set(conversation, state);
      for (const [oldest, { catchingUp }] of inUse) {
        if (inUse.size <= mostInUse) break;
        if (!catchingUp && !followed(oldest)) inUse.delete(oldest);
      }
      return state;
    },
    forget: (conversation) => void inUse.delete(conversation),
  };
}
