import { Refusal } from '#schema/errors.ts';
import { eventPlace, type ConversationId, type EventId } from '#schema/ids.ts';
import { requireText, timeIn, writable, writeEvent, type ActContext } from './act-context.ts';
import { findEvent } from './find-event.ts';
import { sendMessage } from './send-message.ts';

/**
 * Gives an own message another text: in place while it was never sent (P5), else by an event. One that the server refused is
 * written anew with the other text. @throws Refusal
 */
export async function editMessage(
  context: ActContext,
  conversation: ConversationId,
  message: EventId,
  text: string,
): Promise<void> {
  requireText(text);
  const { store, user } = context;
  const failure = (await store.failed(conversation)).find((one) => one.id === message);
  if (failure) {
    const replyTo = failure.event.kind === 'message' ? (failure.event.replyTo ?? null) : null;
    await sendMessage(context, conversation, text, replyTo);
    return store.discardFailed(conversation, message);
  }
  const stored = await writable(context, conversation);
  const found = await findEvent(store, conversation, message);
  if (found?.event.kind !== 'message') throw new Refusal('unknown-target');
  if (found.event.by !== user) throw new Refusal('not-allowed', 'Only the author of a message can edit it.');
  if (found.waits) {
    if (await store.replaceUnsent(conversation, message, { ...found.event, text })) return;
    // It was sent meanwhile, or another tab deleted it before it was: then the text must not leave the device in an edit either.
    if ((await findEvent(store, conversation, message))?.event.kind !== 'message') throw new Refusal('unknown-target');
  }
  const at = timeIn(context, stored);
  await writeEvent(context, conversation, eventPlace(message).segment, {
    kind: 'edit',
    by: user,
    at,
    target: message,
    text,
  });
}
