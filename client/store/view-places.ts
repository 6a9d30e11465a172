/** Filling a view of a segment from what the store has of it. */
import type { EventId } from '#schema/ids.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { SegmentView } from '#schema/segment/segment-view.ts';
import type { SegmentRow } from './device-store.ts';
import type { CommittedPlace } from './segment-block.ts';

/** Adds rows. Gives the messages whose view changed. */
export function addRows(view: SegmentView, rows: readonly SegmentRow[]): Set<EventId> {
  const changed = new Set<EventId>();
  for (const { seq, bytes } of rows) {
    const { elements, gone, deletions } = decodeUpdate(bytes);
    for (const { replica, clock, value } of elements) note(changed, view.add(replica, clock, seq, value));
    for (const { replica, clock, count } of gone)
      for (let i = 0; i < count; i++) note(changed, view.remove(replica, clock + i, seq));
    for (const { replica, clock, count } of deletions)
      for (let i = 0; i < count; i++) note(changed, view.remove(replica, clock + i));
  }
  return changed;
}

/** Adds places of the merged past. */
export function addPlaces(view: SegmentView, places: readonly CommittedPlace[]): void {
  for (const place of places) {
    if ('gone' in place) view.remove(place.replica, place.clock, place.seq);
    else view.add(place.replica, place.clock, place.seq, place.value);
  }
}

function note(changed: Set<EventId>, id: EventId | null): void {
  if (id !== null) changed.add(id);
}
