/** The rules of a single event (D4 to D7, D9), as far as the event alone can keep them. */
import { Refusal } from '#schema/errors.ts';
import type { EventId, SegmentName, UserId } from '#schema/ids.ts';
import { eventPlace } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { isKnown, parseEvent } from '#schema/segment/events.ts';

/** The other event an event is about. */
export interface About {
  readonly replica: number;
  readonly clock: number;
  /** Who must have written it; null: whoever. */
  readonly author: UserId | null;
  readonly deletes: boolean;
}

/** A month in UTC: from the first of these moments up to but without the second, ms. */
export interface Month {
  readonly from: number;
  readonly to: number;
}

export function monthOf(segment: SegmentName): Month {
  const year = Number(segment.slice(0, 4));
  const month = Number(segment.slice(5));
  return { from: Date.UTC(year, month - 1), to: Date.UTC(year, month) };
}

/**
 * Checks one event of a log and gives the event it is about, if it is about one that must be stored.
 * @throws Refusal `malformed-event`, `wrong-author`, `clock-ahead` with the server's time, `wrong-segment`
 */
export function checkEvent(
  value: unknown,
  { user, segment, now }: { readonly user: UserId; readonly segment: SegmentName; readonly now: number },
  month: Month,
): About | null {
  const event = parseEvent(value);
  if (event === null) throw new Refusal('malformed-event');
  if (event.by !== user) throw new Refusal('wrong-author');
  if (event.at > now + LIMITS.clockAheadMs) throw new Refusal('clock-ahead', undefined, now);
  if (!isKnown(event)) {
    // A kind this version does not know may be about anything; it says where it stands, and no more is known.
    if (event.target === undefined) requireWithin(event.at, month);
    else placeOf(event.target, segment);
    return null;
  }
  switch (event.kind) {
    case 'message':
    case 'empty':
      requireWithin(event.at, month);
      return null;
    case 'edit':
      return { ...placeOf(event.target, segment), author: user, deletes: false };
    case 'react':
      return { ...placeOf(event.target, segment), author: null, deletes: false };
    case 'delete':
      requireWithin(event.targetAt, month);
      return { ...placeOf(event.target, segment), author: event.targetBy, deletes: true };
  }
}

/** @throws Refusal `wrong-segment` if the target is of another month (D5), `unknown-target` if there can be none such */
function placeOf(target: EventId, segment: SegmentName): { replica: number; clock: number } {
  const place = eventPlace(target);
  if (place.segment !== segment) throw new Refusal('wrong-segment');
  const { replica, clock } = place;
  if (replica < 1 || replica > 0xffff_ffff || clock > 0x7fff_ffff) throw new Refusal('unknown-target');
  return { replica, clock };
}

function requireWithin(at: number, { from, to }: Month): void {
  if (at < from || at >= to) throw new Refusal('wrong-segment');
}
