/**
 * Own events that were not acknowledged get other places: another time and perhaps another month when the device's clock was wrong
 * (`retime`), another replica when the server knows more of the old one than the device (P3, `rewriteUnsent`). What refers to a
 * moved event from the outbox follows it.
 */
import type { EventId, ReplicaId, SegmentName } from '#schema/ids.ts';
import { eventId, eventPlace, segmentOf } from '#schema/ids.ts';
import { isKnown, type SegmentEvent } from '#schema/segment/events.ts';
import { nextClock } from './counters.ts';
import { ConversationRow, ReplicaRow, type OutboxRow } from './database-rows.ts';
import { refreshLast } from './find-last-message.ts';
import {
  changeInPlace,
  ensureSegment,
  ownEventTables,
  putOwnRow,
  waitingEvent,
  wholeOutbox,
  type WaitingEvent,
} from './own-events.ts';
import { parsed, parsedAll } from './read-rows.ts';
import { emptyAt } from './refuse.ts';
import { write, type StoreContext, type WriteTransaction } from './store-context.ts';

/** Where events went: by "conversation id", since ids are unique inside their conversation only. */
type Moves = Map<string, { readonly id: EventId; readonly at: number }>;

const moveKey = (entry: { readonly conversation: string }, id: string): string => `${entry.conversation} ${id}`;

export async function rewriteUnsent(context: StoreContext, replica: ReplicaId, successor: ReplicaId): Promise<void> {
  const touched = await write(context, 'strict', [...ownEventTables, 'replicas'], async (transaction) => {
    const { db } = transaction;
    const before = parsed(transaction, 'replicas', replica, ReplicaRow, await db.replicas.get(replica));
    await db.replicas.put({ ...before, replica, retired: true });
    transaction.tell({ what: 'device' });
    const moves: Moves = new Map();
    for (const waiting of await allWaiting(transaction)) {
      const event = followed(waiting, moves);
      if (waiting.entry.replica === replica) {
        await removeRow(transaction, waiting.entry);
        // An emptied place has nothing to say in another chain.
        if (event.kind === 'empty') await db.outbox.delete(waiting.entry.n);
        else await placeAnew(transaction, waiting, successor, waiting.entry.segment, event, moves);
      } else if (event !== waiting.event) {
        await changeInPlace(transaction, waiting.entry, event);
      }
    }
    return followMoves(transaction, moves);
  });
  for (const conversation of touched) await refreshLast(context, conversation);
}

export async function retime(context: StoreContext, skew: number, latest: number): Promise<void> {
  const touched = await write(context, 'strict', ownEventTables, async (transaction) => {
    const moves: Moves = new Map();
    const vacated: WaitingEvent[] = [];
    /** Places that are given up, with nothing to stand elsewhere in their stead. */
    const gone = new Set<string>();
    for (const waiting of await allWaiting(transaction)) {
      const { entry } = waiting;
      // What is about a message that was taken back would hold its place, in a month in which nothing can be sent before it begins.
      if ('target' in waiting.event && gone.has(moveKey(entry, String(waiting.event.target)))) {
        vacated.push(waiting);
        gone.add(moveKey(entry, waiting.id));
        continue;
      }
      const late = waiting.event.at > latest;
      const at = late ? Math.max(0, Math.min(waiting.event.at - skew, latest)) : waiting.event.at;
      const event = { ...followed(waiting, moves), at };
      if (!late && event.kind === waiting.event.kind && sameReferences(event, waiting.event)) continue;
      const home = homeOf(event);
      if (home === entry.segment) {
        await changeInPlace(transaction, entry, event);
        moves.set(moveKey(entry, waiting.id), { id: waiting.id, at });
      } else {
        vacated.push(waiting);
        if (event.kind === 'empty') gone.add(moveKey(entry, waiting.id));
        else await placeAnew(transaction, waiting, entry.replica, home, event, moves, true);
      }
    }
    await closeGaps(transaction, vacated, latest);
    return followMoves(transaction, moves);
  });
  for (const conversation of touched) await refreshLast(context, conversation);
}

async function allWaiting(transaction: WriteTransaction): Promise<WaitingEvent[]> {
  const all = await Promise.all((await wholeOutbox(transaction)).map((entry) => waitingEvent(transaction, entry)));
  return all.filter((waiting) => waiting !== null);
}

/** The event with its references led to where their targets went; the same object when nothing it refers to moved. */
function followed({ entry, event }: WaitingEvent, moves: Moves): SegmentEvent {
  if (!isKnown(event)) return event;
  if (event.kind === 'message') {
    const reply = event.replyTo && moves.get(moveKey(entry, event.replyTo));
    // A reply that may be committed already stays as it is: it quotes nothing then, which is no harm.
    return reply && reply.id !== event.replyTo && !entry.attempted ? { ...event, replyTo: reply.id } : event;
  }
  if (event.kind === 'empty') return event;
  // The target was not committed, so this was not either (D6): it may change even if it was attempted.
  const target = moves.get(moveKey(entry, event.target));
  if (!target) return event;
  return event.kind === 'delete'
    ? { ...event, target: target.id, targetAt: target.at }
    : { ...event, target: target.id };
}

function sameReferences(one: SegmentEvent, other: SegmentEvent): boolean {
  const references = ['target', 'targetAt', 'replyTo'] as const;
  return references.every(
    (name) => (one as Record<string, unknown>)[name] === (other as Record<string, unknown>)[name],
  );
}

/** The segment an event belongs to (D5). */
function homeOf(event: SegmentEvent): SegmentName {
  if (isKnown(event) && event.kind !== 'message' && event.kind !== 'empty') return eventPlace(event.target).segment;
  return segmentOf(event.at);
}

/**
 * Appends a waiting event at another place: in its old turn, or with `gap` in a new one, when its old place is still to be filled.
 */
async function placeAnew(
  transaction: WriteTransaction,
  { entry, id }: WaitingEvent,
  replica: ReplicaId,
  segment: SegmentName,
  event: SegmentEvent,
  moves: Moves,
  gap = false,
): Promise<void> {
  const { db } = transaction;
  const head = await ensureSegment(transaction, entry.conversation, segment);
  const clock = await nextClock(transaction, head.s, replica);
  const own = await putOwnRow(transaction, head, replica, clock, event);
  await db.clocks.put({ s: head.s, replica, next: clock + 1 });
  const { n, conversation } = entry;
  const moved = { conversation, s: head.s, segment, replica, clock, ...own, attempted: false, empty: false };
  if (gap) await db.outbox.add(moved);
  else await db.outbox.put({ n, ...moved });
  moves.set(moveKey(entry, id), { id: eventId(segment, replica, clock), at: event.at });
  for (const name of [entry.segment, segment])
    transaction.tell({ what: 'segment', conversation, segment: name, rows: [], whole: true });
  transaction.tell({ what: 'outbox' });
}

async function removeRow({ db, tell }: WriteTransaction, { s, row, conversation, segment }: OutboxRow): Promise<void> {
  await db.rows.delete([s, row]);
  tell({ what: 'segment', conversation, segment, rows: [], whole: true });
  tell({ what: 'outbox' });
}

/**
 * The places events moved away from: at the end of a chain they are given back, as if they had never been; in the middle they are
 * filled with `empty`, since a chain has no holes.
 */
async function closeGaps(
  transaction: WriteTransaction,
  vacated: readonly WaitingEvent[],
  latest: number,
): Promise<void> {
  const { db } = transaction;
  for (const { entry, event } of [...vacated].sort((one, other) => other.entry.clock - one.entry.clock)) {
    await removeRow(transaction, entry);
    const next = await db.clocks.get([entry.s, entry.replica]);
    if (next?.next === entry.clock + 1) {
      await db.clocks.put({ ...next, next: entry.clock });
      await db.outbox.delete(entry.n);
      continue;
    }
    const head = await ensureSegment(transaction, entry.conversation, entry.segment);
    const filler: SegmentEvent = { kind: 'empty', by: event.by, at: emptyAt(entry, Math.min(event.at, latest)) };
    const own = await putOwnRow(transaction, head, entry.replica, entry.clock, filler);
    await db.outbox.put({ ...entry, ...own, attempted: false, empty: true });
  }
}

/** Leads drafts and summaries to where events went. Gives the conversations touched. */
async function followMoves(transaction: WriteTransaction, moves: Moves): Promise<ConversationRow['id'][]> {
  const { db, tell } = transaction;
  if (moves.size === 0) return [];
  const touched = new Set([...moves.keys()].map((key) => key.split(' ')[0]));
  const ids = [...touched].filter((id) => id !== undefined);
  const raw = (await db.conversations.bulkGet(ids)).filter((row) => row !== undefined);
  const rows = parsedAll(transaction, 'conversations', ConversationRow, raw, (row) => row['id']);
  for (const row of rows) {
    const reply = row.draft?.replyTo ? moves.get(`${row.id} ${row.draft.replyTo}`) : undefined;
    const draft = row.draft && reply ? { ...row.draft, replyTo: reply.id } : row.draft;
    await db.conversations.put({ ...row, draft, lastStale: true, folds: row.folds + 1 });
  }
  tell({ what: 'conversations', ids: rows.map(({ id }) => id) });
  return rows.map(({ id }) => id);
}
