/** A conversation's whole timeline, as a device or the server holds it: for comparing, not for showing. */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { SegmentView, type Message } from '#schema/segment/segment-view.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';

/** What a device shows, oldest first. */
export async function deviceTimeline(store: DeviceStore, conversation: ConversationId): Promise<Message[]> {
  const names = (await store.segmentNames(conversation)).map(({ segment }) => segment).reverse();
  const messages: Message[] = [];
  for (const name of names) {
    const view = (await readView(store, conversation, name)) ?? (await readView(store, conversation, name));
    if (!view) throw new Error('blocks are replaced faster than they can be read');
    messages.push(...view.slice(0, view.size));
  }
  return messages;
}

/** Null: a block was replaced meanwhile. */
async function readView(
  store: DeviceStore,
  conversation: ConversationId,
  name: SegmentName,
): Promise<SegmentView | null> {
  const view = new SegmentView(name);
  const stored = await store.segment(conversation, name);
  for (const { id } of stored.blocks) {
    const block = await store.block(conversation, name, id);
    if (!block) return null;
    for (const { replica, clock, seq, value } of block.elements) view.add(replica, clock, seq, value);
    for (const { replica, clock, seq } of block.gone) view.remove(replica, clock, seq);
  }
  for (const { seq, bytes } of stored.rows) addUpdate(view, seq, bytes);
  return view;
}

/** What the server's log says, oldest first. */
export function serverTimeline(log: readonly SegmentRow[]): Message[] {
  const names = [...new Set(log.map(({ segment }) => segment))].sort();
  return names.flatMap((name: SegmentName) => {
    const view = new SegmentView(name);
    for (const row of log) if (row.segment === name) addUpdate(view, row.seq, row.bytes);
    return view.slice(0, view.size);
  });
}

function addUpdate(view: SegmentView, seq: number | null, bytes: Uint8Array): void {
  const { elements, gone, deletions } = decodeUpdate(bytes);
  for (const { replica, clock, value } of elements) view.add(replica, clock, seq, value);
  for (const { replica, clock, count } of gone) for (let i = 0; i < count; i++) view.remove(replica, clock + i, seq);
  for (const { replica, clock, count } of deletions) for (let i = 0; i < count; i++) view.remove(replica, clock + i);
}
