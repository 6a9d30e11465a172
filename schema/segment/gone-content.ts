/**
 * What stood in a place whose content is gone (a message that was deleted for everyone, and merged) cannot be compared any more with an
 * update that claims the place. But its deletion says when it was written (D7), and no two events of a replica are of one moment.
 */
import { eventId, type EventId, type SegmentName } from '../ids.ts';
import { isKnown, parseEvent } from './events.ts';
import type { StoredPlace } from './update-codec.ts';

/** The times of the events that the deletions among some places name as their targets. */
export function deletedTimes(places: Iterable<StoredPlace>): ReadonlyMap<EventId, number> {
  const times = new Map<EventId, number>();
  for (const place of places) {
    const event = 'gone' in place ? null : parseEvent(place.value);
    if (event && isKnown(event) && event.kind === 'delete') times.set(event.target, event.targetAt);
  }
  return times;
}

/**
 * Whether an event is what stood in a place whose content is gone. If not, it is another that a device wrote after it forgot the first
 * (a profile put back to an old copy, P3).
 * @param deleted what `deletedTimes` gives of the segment.
 */
export function stoodThere(
  value: unknown,
  place: { readonly segment: SegmentName; readonly replica: number; readonly clock: number },
  deleted: ReadonlyMap<EventId, number>,
): boolean {
  const event = parseEvent(value);
  if (!event) return false;
  // The edits of a deleted message go with it; no deletion names them.
  if (isKnown(event) && event.kind === 'edit' && deleted.has(event.target)) return true;
  return deleted.get(eventId(place.segment, place.replica, place.clock)) === event.at;
}
