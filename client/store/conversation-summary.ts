/**
 * What the list shows of a conversation, kept up to date event by event, so that a message costs its own work only. What one event
 * cannot tell (the last message was taken back: which is the last now?) makes `last` stale: it is found anew from the segments
 * (find-last-message.ts).
 */
import type { EventId, SegmentName, UserId } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import { isRead } from '#schema/read-state.ts';
import { isKnown, type SegmentEvent } from '#schema/segment/events.ts';
import { compareEvents } from '#schema/segment/segment-view.ts';
import type { ConversationRow, LastRow } from './database-rows.ts';

/** An event and where it stands. */
export interface PlacedInSegment {
  readonly segment: SegmentName;
  readonly replica: number;
  readonly clock: number;
  readonly seq: number | null;
  readonly event: SegmentEvent;
}

/** Whether an event stands for itself in the timeline, as opposed to being about another. */
export function isMessageLike(event: SegmentEvent): boolean {
  if (isKnown(event)) return event.kind === 'message';
  return event.target === undefined;
}

/** The row after one more event, which may also be a new version of one that was there. */
export function foldLast(row: ConversationRow, placed: PlacedInSegment): ConversationRow {
  return { ...row, ...folded(row.last, placed, row.lastStale), folds: row.folds + 1 };
}

type Folded = Pick<ConversationRow, 'last' | 'lastStale'>;

function folded(last: LastRow | null, placed: PlacedInSegment, lastStale: boolean): Folded {
  const { event, replica, clock } = placed;
  const id = eventId(placed.segment, replica, clock);
  if (isMessageLike(event)) {
    if (last?.id === id) return again(last, placed, lastStale);
    if (last && compareEvents(last.place, { at: event.at, replica, clock }) > 0) return { last, lastStale };
    return { last: lastOf(id, placed), lastStale };
  }
  if (!last || !isKnown(event) || event.kind === 'message' || event.kind === 'react') return { last, lastStale };
  if (event.kind === 'empty') return { last, lastStale: lastStale || id === last.id };
  if (event.target !== last.id || last.deleted) return { last, lastStale };
  if (event.kind === 'delete') {
    return {
      last: { ...last, text: '', deleted: true, unknown: false },
      lastStale: lastStale || event.targetAt !== last.place.at,
    };
  }
  if (event.by !== last.by || (last.editedAt ?? -1) > event.at) return { last, lastStale };
  // Edits of one moment: the segment's own order decides.
  return {
    last: { ...last, text: event.text, editedAt: event.at },
    lastStale: lastStale || last.editedAt === event.at,
  };
}

/** The last message itself came again: acknowledged, or changed before it was ever sent. */
function again(last: LastRow, placed: PlacedInSegment, lastStale: boolean): Folded {
  const fresh = lastOf(last.id, placed);
  const moved = compareEvents(last.place, fresh.place) !== 0;
  if (last.editedAt !== null || last.deleted)
    return { last: { ...last, seq: placed.seq }, lastStale: lastStale || moved };
  return { last: fresh, lastStale: lastStale || moved };
}

function lastOf(id: EventId, { replica, clock, seq, event }: PlacedInSegment): LastRow {
  const text = isKnown(event) && event.kind === 'message' ? event.text : '';
  return {
    id,
    by: event.by,
    text,
    deleted: false,
    unknown: !isKnown(event),
    seq,
    failed: false,
    place: { at: event.at, replica, clock },
    editedAt: null,
  };
}

/** Whether a person has not seen this yet. Own events and those from before one joined are never unread. */
export function isUnread(
  row: ConversationRow,
  user: UserId,
  { segment, replica, clock, seq, event }: PlacedInSegment,
): boolean {
  if (!isMessageLike(event) || event.by === user || seq === null || seq <= row.record.joinedSeq) return false;
  return !isRead(row.read, segment, replica, clock, seq);
}
