/** What the acts of a person are given: they write to the store and know nothing of the network. */
import type { HybridClock } from '#schema/hybrid-clock.ts';
import { Refusal } from '#schema/errors.ts';
import type { ConversationId, EventId, SegmentName, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import type { DeviceStore, StoredConversation } from '#client/store/device-store.ts';
import type { ReplicaLease } from '#client/sync/replica-lease.ts';

export interface ActContext {
  readonly store: DeviceStore;
  readonly lease: ReplicaLease;
  readonly clock: HybridClock;
  readonly user: UserId;
  /** A random UUID in lower case. */
  readonly newId: () => string;
}

/** The conversation, if this person may write in it. @throws Refusal */
export async function writable(context: ActContext, id: ConversationId): Promise<StoredConversation> {
  const conversation = await context.store.conversation(id);
  if (!conversation) throw new Refusal('unknown-conversation');
  if (conversation.record.left) throw new Refusal('not-a-member', 'You are no member of this conversation any more.');
  return conversation;
}

/** The time for a new event: after everything that is shown of its conversation. ms. */
export function timeIn(context: ActContext, conversation: StoredConversation): number {
  if (conversation.lastMessage) context.clock.observe(conversation.lastMessage.at);
  return context.clock.next();
}

/** Writes one event durably, under the replica this tab has. */
export async function writeEvent(
  context: ActContext,
  conversation: ConversationId,
  segment: SegmentName,
  event: SegmentEvent,
): Promise<EventId> {
  return context.store.append(conversation, segment, await context.lease.forWriting(), event);
}

/** A text as it may be sent. @throws Refusal for one that is empty or too long. */
export function requireText(text: string): string {
  if (text.trim() === '') throw new Refusal('malformed-event', 'A message needs some text.');
  if (text.length > LIMITS.textLength) {
    throw new Refusal(
      'update-too-large',
      `A message may have at most ${LIMITS.textLength.toLocaleString('en-GB')} characters.`,
    );
  }
  return text;
}
