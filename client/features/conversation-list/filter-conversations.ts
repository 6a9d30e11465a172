import type { ConversationSummary } from '#client/services/device.ts';

/** A text as one searches it: without accents and without case. */
export function searchable(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The conversations whose title holds every word of the query, in their order. An empty query keeps all. */
export function filterConversations(
  conversations: readonly ConversationSummary[],
  query: string,
): readonly ConversationSummary[] {
  const words = searchable(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return conversations;
  return conversations.filter(({ title }) => {
    const there = searchable(title);
    return words.every((word) => there.includes(word));
  });
}
