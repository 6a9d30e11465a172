/** What the acts on own events share: putting one at its place, reading what waits, changing it in place. */
import type { ConversationId, EventId, ReplicaId, SegmentName } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import { parseEvent, type SegmentEvent } from '#schema/segment/events.ts';
import { decodeUpdate, encodeAppend } from '#schema/segment/update-codec.ts';
import { takeN } from './counters.ts';
import { OutboxRow, type SegmentRowHead } from './database-rows.ts';
import type { TableName } from './open-database.ts';
import { parsedAll, segmentHead, updateRow } from './read-rows.ts';
import type { Transaction, WriteTransaction } from './store-context.ts';
import { packUpdates } from './update-row.ts';

/** Everything an own event touches. */
export const ownEventTables = [
  'meta',
  'conversations',
  'segments',
  'merged',
  'rows',
  'outbox',
  'clocks',
] as const satisfies readonly TableName[];

/** The segment as the device knows it, or noted as new: nothing of it was committed yet as far as the cursor reaches. */
export async function ensureSegment(
  transaction: Transaction,
  conversation: ConversationId,
  segment: SegmentName,
): Promise<SegmentRowHead> {
  const known = await segmentHead(transaction, conversation, segment);
  if (known) {
    transaction.context.segmentNumbers.note(conversation, segment, known.s);
    return known;
  }
  const fresh = { conversation, segment, present: true, staleN: 0, needs: 0, deletions: false };
  return { ...fresh, s: await transaction.db.segments.add(fresh) };
}

/** The local number of a segment, noted as new where it is. */
export async function segmentNumber(
  transaction: Transaction,
  conversation: ConversationId,
  segment: SegmentName,
): Promise<number> {
  const known = transaction.context.segmentNumbers.get(conversation, segment);
  return known ?? (await ensureSegment(transaction, conversation, segment)).s;
}

/** An own event that waits, with its content. */
export interface WaitingEvent {
  readonly entry: OutboxRow;
  readonly id: EventId;
  readonly event: SegmentEvent;
}

export async function outboxOf(transaction: Transaction, conversation: ConversationId): Promise<OutboxRow[]> {
  return outboxRows(transaction, await transaction.db.outbox.where('conversation').equals(conversation).sortBy('n'));
}

/** All that waits, oldest first. */
export async function wholeOutbox(transaction: Transaction): Promise<OutboxRow[]> {
  return outboxRows(transaction, await transaction.db.outbox.orderBy('n').toArray());
}

export function outboxRows(transaction: Transaction, raw: readonly unknown[]): OutboxRow[] {
  return parsedAll(transaction, 'outbox', OutboxRow, raw, (row) => row['n']);
}

/** The outbox row of an own event, or null when it does not wait. */
export async function outboxRowOf(
  transaction: Transaction,
  conversation: ConversationId,
  id: EventId,
): Promise<OutboxRow | null> {
  const rows = await outboxOf(transaction, conversation);
  return rows.find((row) => eventId(row.segment, row.replica, row.clock) === id) ?? null;
}

/** The content of an outbox row, or null when its update is gone or unreadable. */
export async function waitingEvent(transaction: Transaction, entry: OutboxRow): Promise<WaitingEvent | null> {
  const bytes = (await updateRow(transaction, entry.s, entry.row))?.[0]?.bytes;
  const event = bytes && ownEvent(bytes);
  return event ? { entry, id: eventId(entry.segment, entry.replica, entry.clock), event } : null;
}

/** The one event of an own update. */
export function ownEvent(bytes: Uint8Array): SegmentEvent | null {
  return parseEvent(decodeUpdate(bytes).elements[0]?.value);
}

/** Stores an own event at a clock, in rows. Gives the row's n and the update's size. */
export async function putOwnRow(
  transaction: WriteTransaction,
  head: Pick<SegmentRowHead, 's' | 'conversation' | 'segment'>,
  replica: ReplicaId,
  clock: number,
  event: SegmentEvent,
): Promise<{ row: number; size: number }> {
  const n = await takeN(transaction, 1);
  const bytes = encodeAppend(replica, clock, [event]);
  await transaction.db.rows.add(packUpdates([{ seq: null, bytes }]), [head.s, n]);
  transaction.tell({
    what: 'segment',
    conversation: head.conversation,
    segment: head.segment,
    rows: [n],
    whole: false,
  });
  return { row: n, size: bytes.length };
}

/** Puts another event in the place of one that waits, as never attempted: same id, same clock, same turn in the outbox. */
export async function changeInPlace(
  transaction: WriteTransaction,
  entry: OutboxRow,
  event: SegmentEvent,
): Promise<OutboxRow> {
  await transaction.db.rows.delete([entry.s, entry.row]);
  const { row, size } = await putOwnRow(transaction, entry, entry.replica, entry.clock, event);
  const changed: OutboxRow = { ...entry, row, size, attempted: false, empty: event.kind === 'empty' };
  await transaction.db.outbox.put(changed);
  transaction.tell({ what: 'outbox' });
  return changed;
}
