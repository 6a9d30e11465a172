import { Refusal, type ErrorCode } from '#schema/errors.ts';
import type { ConversationId } from '#schema/ids.ts';
import type { ImportRelay } from './import-relay.ts';
import type { MessageChain, NewMessage } from './make-chains.ts';

/** What became of a chain: how many of its messages are stored, and why the others are not. */
export interface ChainOutcome {
  readonly stored: number;
  readonly refused: readonly NewMessage[];
  readonly code: ErrorCode | null;
}

/** Pushes a chain's updates at once: the relay commits them in their order. What follows a refused one is refused with it. */
export async function pushChain(
  relay: ImportRelay,
  conversation: ConversationId,
  chain: MessageChain,
): Promise<ChainOutcome> {
  const { user, segment, updates, messages } = chain;
  const ends = await Promise.allSettled(
    updates.map(({ bytes }) => relay.push({ user, conversation, segment, update: bytes })),
  );
  let stored = 0;
  for (const [i, end] of ends.entries()) {
    if (end.status === 'fulfilled') stored += updates[i]?.count ?? 0;
    else if (end.reason instanceof Refusal) return { stored, refused: messages.slice(stored), code: end.reason.code };
    else throw end.reason;
  }
  return { stored, refused: [], code: null };
}
