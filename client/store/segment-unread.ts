/** What is unread of a segment that came whole. */
import type { SegmentName, UserId } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import { isKnown, parseEvent } from '#schema/segment/events.ts';
import { isUnread, type PlacedInSegment } from './conversation-summary.ts';
import type { ConversationRow, SegmentRowHead } from './database-rows.ts';
import { conversationRow, updateRows } from './read-rows.ts';
import { placesOf, type CommittedPlace } from './segment-block.ts';
import type { WriteTransaction } from './store-context.ts';
import { addUnread, dropUnread } from './unread.ts';
import type { UnreadPlace } from './unread-places.ts';
import type { StoredUpdate } from './update-row.ts';

type Candidate = PlacedInSegment & { readonly seq: number };

/** Messages of others that were not deleted, be they read or not. */
export function unreadCandidates(
  user: UserId,
  segment: SegmentName,
  places: readonly CommittedPlace[],
): { messages: Candidate[]; deleted: ReadonlySet<string> } {
  const messages: Candidate[] = [];
  const deleted = new Set<string>();
  for (const place of places) {
    const event = 'gone' in place ? null : parseEvent(place.value);
    if (!event) continue;
    if (isKnown(event) && event.kind === 'delete') deleted.add(event.target);
    else if (event.by !== user)
      messages.push({ segment, replica: place.replica, clock: place.clock, seq: place.seq, event });
  }
  return { messages: messages.filter(({ replica, clock }) => !deleted.has(eventId(segment, replica, clock))), deleted };
}

/** Counts the unread messages of the segment anew, and has the last message found anew. */
export async function recountUnread(
  transaction: WriteTransaction,
  head: SegmentRowHead,
  { messages, deleted }: ReturnType<typeof unreadCandidates>,
): Promise<void> {
  const { db, context, tell } = transaction;
  const row = await conversationRow(transaction, head.conversation);
  if (!row) return;
  const beside = besideBundle(head.segment, await updateRows(transaction, head.s, 0), deleted);
  const unread = new Map<string, UnreadPlace>();
  for (const placed of [...messages, ...beside.messages]) {
    const id = eventId(head.segment, placed.replica, placed.clock);
    if (beside.deleted.has(id) || !isUnread(row, context.user, placed)) continue;
    unread.set(id, { replica: placed.replica, clock: placed.clock, seq: placed.seq, at: placed.event.at });
  }
  const dropped = await dropUnread(transaction, head.s, () => true);
  await addUnread(transaction, head, [...unread.values()]);
  const next: ConversationRow = {
    ...row,
    unread: row.unread - dropped + unread.size,
    lastStale: true,
    folds: row.folds + 1,
  };
  await db.conversations.put(next);
  tell({ what: 'conversations', ids: [row.id] });
}

/** Messages and deletions in committed rows that are newer than the bundle. */
function besideBundle(
  segment: SegmentName,
  rows: readonly { updates: StoredUpdate[] }[],
  known: ReadonlySet<string>,
): { messages: Candidate[]; deleted: ReadonlySet<string> } {
  const messages: Candidate[] = [];
  const deleted = new Set(known);
  for (const { updates } of rows) {
    for (const { seq, bytes } of updates) {
      if (seq === null) continue;
      for (const place of placesOf(bytes)) {
        const event = 'gone' in place ? null : parseEvent(place.value);
        if (event && isKnown(event) && event.kind === 'delete') deleted.add(event.target);
        else if (event) messages.push({ segment, replica: place.replica, clock: place.clock, seq, event });
      }
    }
  }
  return { messages, deleted };
}
