/**
 * The local numbers of segments, as far as this tab has seen them. They never change, so that an act that knows its number asks for
 * everything else at once. Only committed ones are noted.
 */
import type { ConversationId, SegmentName } from '#schema/ids.ts';

export interface SegmentNumbers {
  get(conversation: ConversationId, segment: SegmentName): number | undefined;
  note(conversation: ConversationId, segment: SegmentName, s: number): void;
}

export function createSegmentNumbers(): SegmentNumbers {
  const numbers = new Map<string, number>();
  return {
    get: (conversation, segment) => numbers.get(`${conversation} ${segment}`),
    note: (conversation, segment, s) => void numbers.set(`${conversation} ${segment}`, s),
  };
}
