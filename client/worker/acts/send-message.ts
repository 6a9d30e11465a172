import { segmentOf, type ConversationId, type EventId } from '#schema/ids.ts';
import { requireText, timeIn, writable, writeEvent, type ActContext } from './act-context.ts';

/** Writes a message. Resolves once it is durable on this device (R1, R2). @throws Refusal */
export async function sendMessage(
  context: ActContext,
  conversation: ConversationId,
  text: string,
  replyTo: EventId | null,
): Promise<EventId> {
  requireText(text);
  const at = timeIn(context, await writable(context, conversation));
  return writeEvent(context, conversation, segmentOf(at), {
    kind: 'message',
    by: context.user,
    at,
    text,
    ...(replyTo === null ? {} : { replyTo }),
  });
}
