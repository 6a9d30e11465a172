import type { ConversationId, EventId } from '#schema/ids.ts';
import { eventPlace } from '#schema/ids.ts';
import { SegmentView } from '#schema/segment/segment-view.ts';
import type { Position } from './device-store.ts';
import { blockPlaces, mergedRow } from './merged-past.ts';
import { readSegment } from './read-segment.ts';
import { segmentHead } from './read-rows.ts';
import { read, type StoreContext } from './store-context.ts';
import { addPlaces, addRows } from './view-places.ts';

/** Where a message stands in display order: it is in the rows, or in a block that names its clock. */
export async function locate(
  context: StoreContext,
  conversation: ConversationId,
  message: EventId,
): Promise<Position | null> {
  const { segment, replica, clock } = eventPlace(message);
  const found = await read(context, ['segments', 'merged'], async (transaction) => {
    const head = await segmentHead(transaction, conversation, segment);
    return head && { s: head.s, merged: await mergedRow(transaction, head.s) };
  });
  if (!found) return null;
  const view = new SegmentView(segment);
  addRows(view, (await readSegment(context, conversation, segment)).rows);
  for (const { id, rootRanges } of found.merged.blocks) {
    if (!rootRanges.some(([of, low, high]) => of === replica && low <= clock && clock <= high)) continue;
    const places = await blockPlaces(context, found.s, id);
    if (places) addPlaces(view, places);
  }
  const at = view.get(message)?.at;
  return at === undefined ? null : { at, replica, clock };
}
