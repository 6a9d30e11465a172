/** What a delta changes in the list: the last message, and what is unread. */
import type { SegmentName, UserId } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import { isKnown, parseEvent } from '#schema/segment/events.ts';
import type { UpdateContent } from '#schema/segment/update-codec.ts';
import { foldLast, isUnread } from './conversation-summary.ts';
import type { ConversationRow, SegmentRowHead } from './database-rows.ts';
import type { WriteTransaction } from './store-context.ts';
import { addUnread, dropUnread } from './unread.ts';
import type { UnreadPlace } from './unread-places.ts';

/** The segment an update goes to. */
export type Home = Pick<SegmentRowHead, 's' | 'conversation' | 'segment'>;

export interface Found {
  readonly row: ConversationRow;
  readonly unread: readonly UnreadPlace[];
  /** Ids of messages that were deleted. */
  readonly deleted: ReadonlySet<string>;
}

/** What the list shows, and what is unread, after these updates. */
export function summarise(
  user: UserId,
  before: ConversationRow,
  segment: SegmentName,
  updates: readonly { readonly seq: number; readonly content: UpdateContent | null }[],
): Found {
  const unread = new Map<string, UnreadPlace>();
  const deleted = new Set<string>();
  let row = before;
  for (const { seq, content } of updates) {
    for (const { replica, clock, value } of content?.elements ?? []) {
      const event = parseEvent(value);
      if (!event) continue;
      const placed = { segment, replica, clock, seq, event };
      row = foldLast(row, placed);
      if (isUnread(row, user, placed))
        unread.set(eventId(segment, replica, clock), { replica, clock, seq, at: event.at });
      if (!isKnown(event) || event.kind !== 'delete') continue;
      // It may be here from before as well: with a segment fetched ahead of the cursor.
      unread.delete(event.target);
      deleted.add(event.target);
    }
  }
  return { row, unread: [...unread.values()], deleted };
}

/** Notes what is unread now; gives by how many that changed the count. */
export async function countUnread(
  transaction: WriteTransaction,
  home: Home,
  { unread, deleted }: Found,
): Promise<number> {
  const added = await addUnread(transaction, home, unread);
  if (deleted.size === 0) return added;
  const dropped = await dropUnread(transaction, home.s, ({ replica, clock }) =>
    deleted.has(eventId(home.segment, replica, clock)),
  );
  return added - dropped;
}
