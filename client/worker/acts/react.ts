import { eventPlace, type ConversationId, type EventId } from '#schema/ids.ts';
import { timeIn, writable, writeEvent, type ActContext } from './act-context.ts';

/** Sets or takes back one's reaction: one slot per person and emoji. @throws Refusal */
export async function react(
  context: ActContext,
  conversation: ConversationId,
  target: EventId,
  emoji: string,
  on: boolean,
): Promise<void> {
  const at = timeIn(context, await writable(context, conversation));
  await writeEvent(context, conversation, eventPlace(target).segment, {
    kind: 'react',
    by: context.user,
    at,
    target,
    emoji,
    on,
  });
}
