import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { decodeUpdate, type UpdateContent } from '#schema/segment/update-codec.ts';
import type { CommittedUpdate, Delta } from '#schema/wire/delta.ts';
import { lastN, takeN } from './counters.ts';
import { hasSeq, withSeqs } from './cursor.ts';
import type { ConversationRow, OutboxRow } from './database-rows.ts';
import { countUnread, summarise, type Found, type Home } from './delta-summary.ts';
import { refreshLast } from './find-last-message.ts';
import { holdsLateEdit } from './late-edits.ts';
import { ensureSegment, outboxOf, segmentNumber } from './own-events.ts';
import { conversationRow, updateRow } from './read-rows.ts';
import { write, type StoreContext, type WriteTransaction } from './store-context.ts';
import { packUpdates } from './update-row.ts';

interface DecodedUpdate extends CommittedUpdate {
  /** Null: it cannot be read; it is set aside and hides nothing else (R11). */
  readonly content: UpdateContent | null;
}

/** The segment the updates of a delta go to. */
interface DeltaHome extends Home {
  /** Content goes once they are merged (N3). */
  readonly forgets: boolean;
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
    const [row, waiting, last] = await Promise.all([
      conversationRow(transaction, delta.conversation),
      outboxOf(transaction, delta.conversation),
      lastN(transaction),
    ]);
    if (!row || delta.after > (row.cursor ?? 0)) return { cursor: row?.cursor ?? 0, applied: false };
    const fresh = decoded.filter((update) => update.seq <= delta.through && !hasSeq(row, update.seq));
    const groups = bySegment(fresh);
    await Promise.all(delta.resyncSegments.map((segment) => fetchAgain(transaction, row, segment, delta.after)));
    const homes = await Promise.all(
      [...groups].map(([segment, updates]) => homeOf(transaction, row.id, segment, updates)),
    );
    // From here to the one `await` nothing waits: Dexie loses a transaction in which an act goes on beside one that waits.
    let summary = row;
    const found: { home: DeltaHome; updates: readonly DecodedUpdate[]; found: Found }[] = [];
    for (const [i, [segment, updates]] of [...groups].entries()) {
      const home = homes[i];
      if (!home) continue;
      const next = summarise(context.user, summary, segment, updates);
      summary = next.row;
      found.push({ home, updates, found: next });
    }
    const [counts] = await Promise.all([
      Promise.all(found.map((one) => countUnread(transaction, one.home, one.found))),
      Promise.all(found.map(({ home, updates }, i) => storeUpdates(transaction, home, updates, waiting, last + 1 + i))),
      found.length > 0 ? takeN(transaction, found.length, last) : null,
    ]);
    const unread = counts.reduce((sum, change) => sum + change, row.unread);
    const reached = row.cursor ?? 0;
    const moved = delta.through > reached ? withSeqs(row, reached + 1, delta.through) : row;
    const next: ConversationRow = {
      ...summary,
      unread,
      cursor: moved.cursor,
      ahead: [...moved.ahead],
      head: Math.max(row.head, delta.head),
    };
    await transaction.db.conversations.put(next);
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

/** C3: rows of it after `after` were merged at the server; the device fetches the segment whole. */
async function fetchAgain(
  transaction: WriteTransaction,
  row: ConversationRow,
  segment: SegmentName,
  after: number,
): Promise<void> {
  const head = await ensureSegment(transaction, row.id, segment);
  const needs = Math.max(head.needs, after + 1);
  await transaction.db.segments.update(head.s, { present: false, needs });
  transaction.tell({ what: 'segment', conversation: row.id, segment, rows: [], whole: true });
}

async function homeOf(
  transaction: WriteTransaction,
  conversation: ConversationId,
  segment: SegmentName,
  updates: readonly DecodedUpdate[],
): Promise<DeltaHome> {
  const s = await segmentNumber(transaction, conversation, segment);
  const forgets =
    updates.some(({ content }) => content !== null && content.deletions.length > 0) ||
    (await holdsLateEdit(
      transaction,
      s,
      updates.flatMap(({ content }) => content?.elements ?? []),
    ));
  return { s, conversation, segment, forgets };
}

/** Puts the updates of one segment into one row, of number `n`; own ones among them are no longer waiting. */
async function storeUpdates(
  transaction: WriteTransaction,
  home: DeltaHome,
  updates: readonly DecodedUpdate[],
  waiting: readonly OutboxRow[],
  n: number,
): Promise<void> {
  const { db, context, tell } = transaction;
  const { s, conversation, segment, forgets } = home;
  const readable = updates.filter((update) => update.content !== null);
  const writes: Promise<unknown>[] = updates
    .filter(({ content }) => content === null)
    .map((update) => setAside(transaction, home, update));
  if (readable.length > 0) {
    for (const update of readable) {
      const entry = waitingFor(update, home, waiting);
      if (entry) writes.push(takeAsAck(transaction, entry, update));
    }
    writes.push(raiseOwnClocks(transaction, s, readable));
    writes.push(db.rows.add(packUpdates(readable.map(({ seq, update }) => ({ seq, bytes: update }))), [s, n]));
    context.upkeep.note(conversation, segment, readable.length, forgets);
    if (forgets) writes.push(db.segments.update(s, { deletions: true }));
    tell({ what: 'segment', conversation, segment, rows: [n], whole: false });
  }
  await Promise.all(writes);
}

/** R11: an update that cannot be decoded is kept apart, whole. */
async function setAside({ db, context }: WriteTransaction, home: Home, value: DecodedUpdate): Promise<void> {
  const key = JSON.stringify([home.conversation, home.segment, value.seq]);
  const reason = 'a committed update that cannot be decoded';
  await db.damaged.add({ table: 'rows', key, reason, at: context.now(), value });
}

/** The own update that waits at the place of a committed one. */
function waitingFor({ content }: DecodedUpdate, { s }: Home, waiting: readonly OutboxRow[]): OutboxRow | undefined {
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
