/** The unread messages of a conversation, kept one by one, so that a deletion or a read state takes away exactly what it covers. */
import type { ConversationId } from '#schema/ids.ts';
import { isRead, type ReadState } from '#schema/read-state.ts';
import { compareEvents } from '#schema/segment/segment-view.ts';
import { UnreadRow, type SegmentRowHead } from './database-rows.ts';
import type { UnreadMessage } from './device-store.ts';
import { parsed, parsedAll } from './read-rows.ts';
import { read, type StoreContext, type Transaction } from './store-context.ts';
import { packPlaces, unpackPlaces, type UnreadPlace } from './unread-places.ts';

/**
 * Adds messages. Gives how many were not there before: a delta may bring what a segment that was fetched whole, and is newer than the
 * cursor, has brought already.
 */
export async function addUnread(
  transaction: Transaction,
  head: Pick<SegmentRowHead, 's' | 'conversation' | 'segment'>,
  places: readonly UnreadPlace[],
): Promise<number> {
  if (places.length === 0) return 0;
  const { s, conversation, segment } = head;
  const before = await unreadRow(transaction, s);
  const there = new Set(before ? unpackPlaces(before.places).map(placeKey) : []);
  const fresh = places.filter((place) => !there.has(placeKey(place)));
  const added = packPlaces(fresh);
  const all = new Uint8Array((before?.places.length ?? 0) + added.length);
  if (before) all.set(before.places);
  all.set(added, all.length - added.length);
  await transaction.db.unread.put({ s, conversation, segment, places: all });
  return fresh.length;
}

function placeKey({ replica, clock }: UnreadPlace): string {
  return `${replica}.${clock}`;
}

/** Takes out what `gone` says of one segment. Gives how many those were. */
export async function dropUnread(
  transaction: Transaction,
  s: number,
  gone: (place: UnreadPlace) => boolean,
): Promise<number> {
  const row = await unreadRow(transaction, s);
  if (!row) return 0;
  const places = unpackPlaces(row.places);
  const left = places.filter((place) => !gone(place));
  if (left.length === 0) await transaction.db.unread.delete(s);
  else if (left.length < places.length) await transaction.db.unread.put({ ...row, places: packPlaces(left) });
  return places.length - left.length;
}

/** Takes out what is read, or from before one joined, in all segments. Gives how many are left. */
export async function dropRead(
  transaction: Transaction,
  conversation: ConversationId,
  state: ReadState,
  joinedSeq: number,
): Promise<number> {
  let left = 0;
  for (const row of await unreadRows(transaction, conversation)) {
    const places = unpackPlaces(row.places);
    const covered = ({ replica, clock, seq }: UnreadPlace): boolean =>
      seq <= joinedSeq || isRead(state, row.segment, replica, clock, seq);
    left += places.length - (places.some(covered) ? await dropUnread(transaction, row.s, covered) : 0);
  }
  return left;
}

/** Every unread message, and where it stands. */
export async function unreadMessages(context: StoreContext, conversation: ConversationId): Promise<UnreadMessage[]> {
  return read(context, ['unread'], async (transaction) =>
    (await unreadRows(transaction, conversation)).flatMap(({ segment, places }) =>
      unpackPlaces(places).map((place) => ({ segment, ...place })),
    ),
  );
}

/** The unread message that stands first in display order. */
export async function firstUnread(context: StoreContext, conversation: ConversationId): Promise<UnreadMessage | null> {
  return read(context, ['unread'], async (transaction) => {
    const rows = await unreadRows(transaction, conversation);
    const [oldest] = rows.sort((one, other) => (one.segment < other.segment ? -1 : 1));
    if (!oldest) return null;
    const [first] = unpackPlaces(oldest.places).sort(compareEvents);
    return first ? { segment: oldest.segment, ...first } : null;
  });
}

async function unreadRow(transaction: Transaction, s: number): Promise<UnreadRow | null> {
  return parsed(transaction, 'unread', s, UnreadRow, await transaction.db.unread.get(s));
}

async function unreadRows(transaction: Transaction, conversation: ConversationId): Promise<UnreadRow[]> {
  const raw = await transaction.db.unread.where('conversation').equals(conversation).toArray();
  return parsedAll(transaction, 'unread', UnreadRow, raw, (row) => row['s']);
}
