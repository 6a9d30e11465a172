import type { ConversationId } from '#schema/ids.ts';
import type { ConversationSummary } from '#client/services/device.ts';

/** What a key asks the shell for. */
export type Shortcut =
  { readonly act: 'settings' } | { readonly act: 'step'; readonly by: 1 | -1; readonly unread: boolean };

/** The shell's shortcut a key press stands for, or null. `mac`: Command takes the place of Control. */
export function readShortcut(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
  mac: boolean,
): Shortcut | null {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  const command = mac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (key === ',' && command && !altKey && !shiftKey) return { act: 'settings' };
  if (altKey && !ctrlKey && !metaKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
    return { act: 'step', by: key === 'ArrowDown' ? 1 : -1, unread: shiftKey };
  }
  return null;
}

/** The conversation next to the current one, as the list shows them; the first or last where there is none. Null: there is no other. */
export function stepConversation(
  conversations: readonly ConversationSummary[],
  current: ConversationId | null,
  { by, unread }: { readonly by: 1 | -1; readonly unread: boolean },
): ConversationId | null {
  const start = conversations.findIndex(({ id }) => id === current);
  const from = start === -1 && by === -1 ? conversations.length : start;
  for (let at = from + by; at >= 0 && at < conversations.length; at += by) {
    const there = conversations[at];
    if (there && (!unread || there.unread > 0)) return there.id;
  }
  return null;
}
