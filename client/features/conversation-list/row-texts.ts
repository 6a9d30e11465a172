import type { ConversationSummary, MessageState } from '#client/services/device.ts';

/** Characters of a message a row can show at its widest, with room to spare: the rest is not put into the page. */
const PREVIEW_LENGTH = 160;

/** The states by the names they have everywhere (experience.md §4). */
export const STATE_NAMES: Readonly<Record<MessageState, string>> = {
  local: 'Saved on this device',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Failed to send',
};

/** The texts of a row. */
export interface RowTexts {
  /** What the person was writing here; null when there is no draft. */
  readonly draft: string | null;
  /** "You: " or "Ana: " before the last message; empty in a direct conversation, where it is plain who it is. */
  readonly sender: string;
  /** The last message, on one line; empty when there is none. */
  readonly preview: string;
  /** What the link is described by: unread messages, the last message, and what is unusual. */
  readonly description: string;
}

/** Words a row of the list with what matters of its conversation. */
export function rowTexts(conversation: ConversationSummary): RowTexts {
  const { draft, lastMessage, unread, kind, pending, left } = conversation;
  const own = lastMessage?.sender === 'You';
  const sender = lastMessage && (own || kind === 'group') ? `${lastMessage.sender}: ` : '';
  const preview = lastMessage ? (lastMessage.deleted ? 'Message deleted' : oneLine(lastMessage.text)) : '';
  const sentences = [
    unread === 1 ? '1 unread message' : unread > 1 ? `${unread} unread messages` : '',
    lastMessage ? `Last message: ${sender}${preview}` : 'No messages yet',
    own && !lastMessage.deleted ? STATE_NAMES[lastMessage.state] : '',
    draft === null ? '' : `Draft: ${oneLine(draft)}`,
    pending ? 'Waiting for the server' : '',
    left ? 'You are no longer a member' : '',
  ];
  return { draft: draft === null ? null : oneLine(draft), sender, preview, description: inSentences(sentences) };
}

/** One line of a text that may have many. */
function oneLine(text: string): string {
  return text.slice(0, PREVIEW_LENGTH).replace(/\s+/g, ' ').trim();
}

/** Sentences that are there, each with an end, so that a pause is heard between them. */
function inSentences(sentences: readonly string[]): string {
  const said = sentences.filter((sentence) => sentence !== '');
  return said
    .map((sentence, index) => (index === said.length - 1 || /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`))
    .join(' ');
}
