import { Refusal } from '#schema/errors.ts';
import { eventPlace, type ConversationId, type EventId } from '#schema/ids.ts';
import { timeIn, writable, writeEvent, type ActContext } from './act-context.ts';
import { findEvent, waitingAbout } from './find-event.ts';

/**
 * Deletes a message for everyone. One that was never sent is emptied in place and never leaves the device, nor does a text it was
 * to be changed to; one that was refused is forgotten; any other is deleted by an event. @throws Refusal
 */
export async function deleteMessage(
  context: ActContext,
  conversation: ConversationId,
  message: EventId,
): Promise<void> {
  const { store, user } = context;
  if ((await store.failed(conversation)).some((one) => one.id === message))
    return store.discardFailed(conversation, message);
  const stored = await writable(context, conversation);
  const found = await findEvent(store, conversation, message);
  if (found?.event.kind !== 'message') throw new Refusal('unknown-target');
  const { by, at } = found.event;
  if (by !== user && stored.record.role === 'member')
    throw new Refusal('not-allowed', 'Only its author or an admin can delete a message.');
  // `empty` stands in the month of its `at` (D5): an edit of later months takes its target's time.
  for (const edit of await waitingAbout(store, conversation, message)) {
    if (edit.event.kind === 'edit') await store.replaceUnsent(conversation, edit.id, { kind: 'empty', by: user, at });
  }
  if (found.waits && (await store.replaceUnsent(conversation, message, { kind: 'empty', by: user, at }))) return;
  await writeEvent(context, conversation, eventPlace(message).segment, {
    kind: 'delete',
    by: user,
    at: timeIn(context, stored),
    target: message,
    targetBy: by,
    targetAt: at,
  });
}
