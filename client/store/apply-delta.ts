import type { SegmentName } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import { isKnown, parseEvent } from '#schema/segment/events.ts';
import { decodeUpdate, type UpdateContent } from '#schema/segment/update-codec.ts';
import type { CommittedUpdate, Delta } from '#schema/wire/delta.ts';
import { foldLast, isUnread } from './conversation-summary.ts';
import { takeN } from './counters.ts';
import { hasSeq, withSeqs } from './cursor.ts';
import type { ConversationRow, OutboxRow, SegmentRowHead } from './database-rows.ts';
import { refreshLast } from './find-last-message.ts';
import { ensureSegment, outboxOf } from './own-events.ts';
import { conversationRow, updateRow } from './read-rows.ts';
import { write, type StoreContext, type WriteTransaction } from './store-context.ts';
import { addUnread, dropUnread } from './unread.ts';
import type { UnreadPlace } from './unread-places.ts';
import { packUpdates } from './update-row.ts';

interface DecodedUpdate extends CommittedUpdate {
  /** Null: it cannot be read; it is set aside and hides nothing else (R11). */
  readonly content: UpdateContent | null;
}

/**
 * Stores committed updates and moves the cursor, in one transaction (C1, C2). What is here already is skipped: own updates that were
 * acknowledged, and replays. An own update whose ack was lost is acknowledged by its delta.
 */
export async function applyDelta(context: StoreContext, delta: Delta): Promise<{ cursor: number; applied: boolean }> {
  const decoded = delta.updates.map((update) => ({ ...update, content: decodedOrNull(update.update) }));
  const tables = [
    'meta',
    'conversations',
    'segments',
    'merged',
    'rows',
    'outbox',
    'clocks',
    'unread',
    'damaged',
  ] as const;
  let stale = false;
  const result = await write(context, 'relaxed', tables, async (transaction) => {
    const row = await conversationRow(transaction, delta.conversation);
    if (!row || delta.after > (row.cursor ?? 0)) return { cursor: row?.cursor ?? 0, applied: false };
    const fresh = decoded.filter((update) => update.seq <= delta.through && !hasSeq(row, update.seq));
    for (const segment of delta.resyncSegments) await fetchAgain(transaction, row, segment);
    let summary = row;
    const waiting = fresh.length > 0 ? await outboxOf(transaction, row.id) : [];
    for (const [segment, updates] of bySegment(fresh)) {
      const head = await ensureSegment(transaction, row.id, segment);
      await storeUpdates(transaction, head, updates, waiting);
      summary = await summarise(transaction, summary, head, updates);
    }
    const moved = delta.through > (row.cursor ?? 0) ? withSeqs(row, (row.cursor ?? 0) + 1, delta.through) : row;
    const next = { ...summary, cursor: moved.cursor, ahead: moved.ahead, head: Math.max(row.head, delta.head) };
    await transaction.db.conversations.put({ ...next, ahead: [...next.ahead] });
    transaction.tell({ what: 'conversations', ids: [row.id] });
    stale = next.lastStale;
    return { cursor: next.cursor ?? 0, applied: true };
  });
  if (stale) await refreshLast(context, delta.conversation);
  return result;
}

function decodedOrNull(bytes: Uint8Array): UpdateContent | null {
  try {
    return decodeUpdate(bytes);
  } catch {
    return null;
  }
}

function bySegment(updates: readonly DecodedUpdate[]): Map<SegmentName, DecodedUpdate[]> {
  const segments = new Map<SegmentName, DecodedUpdate[]>();
  for (const update of updates) {
    const there = segments.get(update.segment);
    if (there) there.push(update);
    else segments.set(update.segment, [update]);
  }
  return segments;
}

/** C3: rows of it were merged at the server; the device fetches the segment whole. Needs more than the cursor reaches. */
async function fetchAgain(transaction: WriteTransaction, row: ConversationRow, segment: SegmentName): Promise<void> {
  const head = await ensureSegment(transaction, row.id, segment);
  const needs = Math.max(head.needs, (row.cursor ?? 0) + 1);
  await transaction.db.segments.update(head.s, { present: false, needs });
  transaction.tell({ what: 'segment', conversation: row.id, segment, rows: [], whole: true });
}

/** Puts the updates of one segment into one row; own ones among them are no longer waiting. */
async function storeUpdates(
  transaction: WriteTransaction,
  head: SegmentRowHead,
  updates: readonly DecodedUpdate[],
  waiting: readonly OutboxRow[],
): Promise<void> {
  const { db, context, tell } = transaction;
  const readable = updates.filter((update) => update.content !== null);
  for (const { seq, update, content } of updates) {
    if (content !== null) continue;
    const key = JSON.stringify([head.conversation, head.segment, seq]);
    await db.damaged.add({
      table: 'rows',
      key,
      reason: 'a committed update that cannot be decoded',
      at: context.now(),
      value: update,
    });
  }
  if (readable.length === 0) return;
  for (const update of readable) {
    const entry = waitingFor(update, head, waiting);
    if (entry) await takeAsAck(transaction, entry, update);
  }
  await raiseOwnClocks(transaction, head.s, readable);
  const n = await takeN(transaction, 1);
  await db.rows.add(packUpdates(readable.map(({ seq, update }) => ({ seq, bytes: update }))), [head.s, n]);
  const deletion = readable.some(({ content }) => content !== null && content.deletions.length > 0);
  context.upkeep.note(head.conversation, head.segment, readable.length, deletion);
  if (deletion) await db.segments.update(head.s, { deletions: true });
  tell({ what: 'segment', conversation: head.conversation, segment: head.segment, rows: [n], whole: false });
}

/** The own update that waits at the place of a committed one. */
function waitingFor(
  { content }: DecodedUpdate,
  { s }: SegmentRowHead,
  waiting: readonly OutboxRow[],
): OutboxRow | undefined {
  const first = content?.elements[0];
  return first && waiting.find((own) => own.s === s && own.replica === first.replica && own.clock === first.clock);
}

/** R6: the same bytes at the same place as an own update that waits: it was committed, and its ack was lost. */
async function takeAsAck(transaction: WriteTransaction, entry: OutboxRow, update: DecodedUpdate): Promise<void> {
  const bytes = (await updateRow(transaction, entry.s, entry.row))?.[0]?.bytes;
  // Other bytes in its place: the relay will answer its push with `replica-conflict` (P3).
  if (!bytes || !sameBytes(bytes, update.update)) return;
  await transaction.db.rows.delete([entry.s, entry.row]);
  await transaction.db.outbox.delete(entry.n);
  transaction.tell({ what: 'outbox' });
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

/** An own replica's clock is never lower than what the server has of it (a profile restored from a copy). */
async function raiseOwnClocks(
  transaction: WriteTransaction,
  s: number,
  updates: readonly DecodedUpdate[],
): Promise<void> {
  const next = new Map<number, number>();
  for (const { content } of updates) {
    for (const { replica, clock } of content?.elements ?? [])
      next.set(replica, Math.max(next.get(replica) ?? 0, clock + 1));
  }
  const own = await transaction.db.clocks.bulkGet([...next.keys()].map((replica): [number, number] => [s, replica]));
  for (const row of own) {
    const reached = row && next.get(row.replica);
    if (row && reached !== undefined && reached > row.next) await transaction.db.clocks.put({ ...row, next: reached });
  }
}

/** What the list shows, and what is unread, after these updates. */
async function summarise(
  transaction: WriteTransaction,
  before: ConversationRow,
  head: SegmentRowHead,
  updates: readonly DecodedUpdate[],
): Promise<ConversationRow> {
  const { user } = transaction.context;
  const unread = new Map<string, UnreadPlace>();
  const deleted = new Set<string>();
  let row = before;
  for (const { seq, content } of updates) {
    for (const { replica, clock, value } of content?.elements ?? []) {
      const event = parseEvent(value);
      if (!event) continue;
      const placed = { segment: head.segment, replica, clock, seq, event };
      row = foldLast(row, placed);
      if (isUnread(row, user, placed))
        unread.set(eventId(head.segment, replica, clock), { replica, clock, seq, at: event.at });
      if (isKnown(event) && event.kind === 'delete' && !unread.delete(event.target)) deleted.add(event.target);
    }
  }
  await addUnread(transaction, head, [...unread.values()]);
  const dropped = deleted.size === 0 ? 0 : await dropDeleted(transaction, head, deleted);
  return { ...row, unread: row.unread + unread.size - dropped };
}

async function dropDeleted(
  transaction: WriteTransaction,
  head: SegmentRowHead,
  deleted: ReadonlySet<string>,
): Promise<number> {
  return dropUnread(transaction, head.s, ({ replica, clock }) => deleted.has(eventId(head.segment, replica, clock)));
}
