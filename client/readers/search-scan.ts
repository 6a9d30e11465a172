/**
 * Offline search by reading through everything the device has, the newest month first. An index takes its place later, behind the same
 * function. It reads a block of some hundred messages at a time and can be stopped between them.
 */
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import { SegmentView, type Message } from '#schema/segment/segment-view.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { SearchHit } from '#client/services/device.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { addRows } from '#client/store/view-places.ts';
import { matches, searchWords } from './search-words.ts';
import { createTimelineMessages } from './timeline-messages.ts';

export interface SearchRequest {
  readonly query: string;
  /** Null: everywhere. */
  readonly conversation: ConversationId | null;
  /** Hits at the most. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

/** The newest messages that hold all words of the query, newest first. Stopped by its signal it gives what it has found. */
export async function searchScan(
  store: DeviceStore,
  user: UserId,
  { query, conversation, limit, signal }: SearchRequest,
): Promise<SearchHit[]> {
  const words = searchWords(query);
  const hits: SearchHit[] = [];
  const messages = createTimelineMessages(user);
  if (words.length === 0) return hits;
  for (const { conversations, segment } of await months(store, conversation)) {
    const found: SearchHit[] = [];
    for (const id of conversations) {
      for await (const message of scan(store, id, segment, words)) {
        found.push({ conversation: id, message: messages.of(message) });
        if (signal?.aborted) break;
      }
      if (signal?.aborted) break;
    }
    hits.push(...found.sort((one, other) => other.message.at - one.message.at));
    if (hits.length >= limit || signal?.aborted) break;
  }
  return hits.slice(0, limit);
}

/** The months there are, newest first, with the conversations that have something in each. */
async function months(
  store: DeviceStore,
  only: ConversationId | null,
): Promise<{ segment: SegmentName; conversations: ConversationId[] }[]> {
  const ids = only ? [only] : (await store.conversations()).map(({ record }) => record.id);
  const byMonth = new Map<SegmentName, ConversationId[]>();
  for (const id of ids) {
    for (const { segment } of await store.segmentNames(id)) byMonth.set(segment, [...(byMonth.get(segment) ?? []), id]);
  }
  return [...byMonth]
    .sort(([one], [other]) => (one < other ? 1 : -1))
    .map(([segment, conversations]) => ({ segment, conversations }));
}

/** The messages of a segment that match. */
async function* scan(
  store: DeviceStore,
  conversation: ConversationId,
  segment: SegmentName,
  words: readonly string[],
): AsyncGenerator<Message> {
  const seen = new Set<string>();
  for (let replaced = true; replaced;) {
    replaced = false;
    const { blocks, rows } = await store.segment(conversation, segment);
    const late = rows
      .map(({ bytes }) => decodeUpdate(bytes))
      .some(({ elements }) => elements.some(({ value }) => mayMatch(value, words)));
    for (const block of [null, ...blocks.toReversed()]) {
      const content = block && (await store.block(conversation, segment, block.id));
      if (block && !content) replaced = true;
      const elements = content?.elements ?? [];
      // To read messages out of events costs ten times the look at their texts.
      if (!late && !elements.some(({ value }) => mayMatch(value, words))) continue;
      const view = new SegmentView(segment);
      for (const { replica, clock, seq, value } of elements) view.add(replica, clock, seq, value);
      // With what was written since, which may edit or delete what stands in the block.
      addRows(view, rows);
      for (const message of view.slice(0, view.size)) {
        if (seen.has(message.id) || !matches(message.text, words)) continue;
        seen.add(message.id);
        yield message;
      }
    }
  }
}

function mayMatch(value: unknown, words: readonly string[]): boolean {
  const text = typeof value === 'object' && value !== null && 'text' in value ? value.text : null;
  return typeof text === 'string' && matches(text, words);
}
