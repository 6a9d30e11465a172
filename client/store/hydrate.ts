/** C6: how a conversation's past comes to a device, a segment at a time. */
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import { isKnown, parseEvent } from '#schema/segment/events.ts';
import { decodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import { CommittedPlaces } from './committed-places.ts';
import { isUnread, type PlacedInSegment } from './conversation-summary.ts';
import { withSeqs } from './cursor.ts';
import type { ConversationRow, MergedRow, SegmentRowHead } from './database-rows.ts';
import { refreshLast } from './find-last-message.ts';
import { layOut, stretches } from './lay-out-blocks.ts';
import { blockPlaces, clocksAfter, mergedRow, packed, putMerged } from './merged-past.ts';
import { ensureSegment, outboxOf, waitingEvent } from './own-events.ts';
import { conversationRow, ofEpoch, segmentHead, segmentHeads, updateRows } from './read-rows.ts';
import { placesOf, type CommittedPlace } from './segment-block.ts';
import { read, write, type StoreContext, type WriteTransaction } from './store-context.ts';
import { addUnread, dropUnread } from './unread.ts';
import type { UnreadPlace } from './unread-places.ts';
import { packUpdates, type StoredUpdate } from './update-row.ts';

export async function beginHydration(
  context: StoreContext,
  conversation: ConversationId,
  head: number,
  segments: readonly { readonly segment: SegmentName; readonly lastSeq: number }[],
): Promise<void> {
  await write(context, 'relaxed', ['conversations', 'segments'], async (transaction) => {
    const { db, tell } = transaction;
    const row = await conversationRow(transaction, conversation);
    if (!row) return;
    const listed = new Set(segments.map(({ segment }) => segment));
    for (const { segment, lastSeq } of segments) {
      const known = await ensureSegment(transaction, conversation, segment);
      // Up to the cursor the device has everything of what it holds; it needs what came after.
      if (known.present && row.cursor !== null && lastSeq <= row.cursor) continue;
      await db.segments.update(known.s, { present: false, needs: Math.max(known.needs, lastSeq) });
      tell({ what: 'segment', conversation, segment, rows: [], whole: true });
    }
    for (const known of await segmentHeads(transaction, conversation)) {
      // The server has nothing of it: own events that wait, or what a restored database has lost.
      if (!known.present && !listed.has(known.segment)) await db.segments.update(known.s, { present: true });
    }
    const moved = head > (row.cursor ?? -1) ? withSeqs({ cursor: head, ahead: row.ahead }, head, head) : row;
    await db.conversations.put({
      ...row,
      cursor: moved.cursor,
      ahead: [...moved.ahead],
      head: Math.max(row.head, head),
    });
    tell({ what: 'conversations', ids: [conversation] });
  });
}

export async function putSegment(
  context: StoreContext,
  conversation: ConversationId,
  segment: SegmentName,
  bytes: Uint8Array,
): Promise<boolean> {
  const bundle = decodeBundle(bytes);
  const fetched = committed(bundle);
  for (;;) {
    const before = await read(context, ['segments', 'merged'], async (transaction) => {
      const head = await segmentHead(transaction, conversation, segment);
      return head ? { head, merged: await mergedRow(transaction, head.s) } : { head: null, merged: null };
    });
    const places = before.head ? await joined(context, before.head, before.merged, fetched, bundle) : fetched;
    if (places === null) continue; // another tab replaced a block meanwhile
    const blocks = await packed(layOut(stretches(segment, places)));
    const unread = unreadCandidates(context.user, segment, places);
    const tables = [
      'meta',
      'conversations',
      'segments',
      'merged',
      'blocks',
      'rows',
      'outbox',
      'clocks',
      'unread',
    ] as const;
    const done = await write(context, 'relaxed', tables, async (transaction) => {
      const head = await ensureSegment(transaction, conversation, segment);
      const merged = await mergedRow(transaction, head.s);
      if (before.merged && merged.nextBlock !== before.merged.nextBlock) return null;
      const through = Math.max(bundle.throughSeq, places === fetched ? 0 : merged.through);
      await acknowledgeBundled(transaction, head, fetched);
      const mergedN = await dropCovered(transaction, head, bundle.throughSeq, merged.mergedN);
      await putMerged(transaction, head, merged, {
        keep: [],
        add: blocks,
        clocks: clocksAfter(places),
        through,
        mergedN,
      });
      const present = bundle.throughSeq >= head.needs;
      await transaction.db.segments.update(head.s, { present, staleN: 0 });
      await summarise(transaction, head, unread);
      transaction.tell({ what: 'segment', conversation, segment, rows: [], whole: true });
      return present;
    });
    if (done === null) continue;
    await refreshLast(context, conversation);
    return done;
  }
}

/** The places of a bundle with their seqs: a replica's clocks are committed without a gap, in the order of its runs. */
function committed(bundle: SegmentBundle): CommittedPlace[] {
  const runs = new Map<number, { seq: number; upTo: number }[]>();
  for (const { seq, replica, count } of bundle.seqs) {
    const own = runs.get(replica) ?? [];
    runs.set(replica, own);
    own.push({ seq, upTo: (own.at(-1)?.upTo ?? 0) + count });
  }
  const at = new Map<number, number>();
  if (bundle.update.length === 0) return [];
  return placesOf(bundle.update).map((place): CommittedPlace => {
    const own = runs.get(place.replica) ?? [];
    let i = at.get(place.replica) ?? 0;
    while (i < own.length - 1 && place.clock >= (own[i]?.upTo ?? 0)) i++;
    at.set(place.replica, i);
    const run = own[i];
    if (!run || place.clock >= run.upTo)
      throw new Error(`segment bundle names no seq for ${place.replica}.${place.clock}`);
    return { ...place, seq: run.seq };
  });
}

/**
 * The fetched places, and what the device has besides: what an older bundle lacks, and (C5) what a restored server has lost, which
 * stays as committed before everything else (seq 0). Null when a block is not there any more.
 */
async function joined(
  context: StoreContext,
  head: SegmentRowHead,
  merged: MergedRow,
  fetched: CommittedPlace[],
  bundle: SegmentBundle,
): Promise<CommittedPlace[] | null> {
  if (head.staleN === 0 && merged.through <= bundle.throughSeq) return fetched;
  const all = new CommittedPlaces();
  for (const place of fetched) all.add(place);
  for (const { id } of merged.blocks) {
    const places = await blockPlaces(context, head.s, id);
    if (!places) return null;
    for (const place of places) all.add(head.staleN > 0 ? { ...place, seq: 0 } : place);
  }
  if (head.staleN > 0) {
    const rows = await read(context, ['rows'], (transaction) => updateRows(transaction, head.s, 0));
    for (const row of rows) if (row.n <= head.staleN) for (const update of ofEpoch(head, row)) all.addUpdate(update);
  }
  return all.settled();
}

/** Own events that wait and stand in the bundle with the same content were committed, and their acks lost. */
async function acknowledgeBundled(
  transaction: WriteTransaction,
  head: SegmentRowHead,
  fetched: readonly CommittedPlace[],
): Promise<void> {
  const waiting = (await outboxOf(transaction, head.conversation)).filter(({ s }) => s === head.s);
  if (waiting.length === 0) return;
  const places = new Map(fetched.map((place) => [`${place.replica}.${place.clock}`, place]));
  for (const entry of waiting) {
    const place = places.get(`${entry.replica}.${entry.clock}`);
    const own = place && (await waitingEvent(transaction, entry));
    if (!own || !place) continue;
    // Content that is gone cannot be compared; that it was sent and stands there is as good.
    const same = 'gone' in place ? entry.attempted : JSON.stringify(place.value) === JSON.stringify(own.event);
    if (!same) continue;
    await transaction.db.rows.delete([entry.s, entry.row]);
    await transaction.db.outbox.delete(entry.n);
    transaction.tell({ what: 'outbox' });
  }
}

/** Takes the rows out that the bundle covers; what came later, and what waits, stays. Gives the highest n taken out. */
async function dropCovered(
  transaction: WriteTransaction,
  head: SegmentRowHead,
  through: number,
  mergedN: number,
): Promise<number> {
  let highest = mergedN;
  for (const { n, updates } of await updateRows(transaction, head.s, 0)) {
    const later = updates.filter(({ seq }) => seq === null || (n > head.staleN && seq > through));
    if (later.length === updates.length) continue;
    highest = Math.max(highest, n);
    if (later.length === 0) await transaction.db.rows.delete([head.s, n]);
    else await transaction.db.rows.put(packUpdates(later), [head.s, n]);
  }
  return highest;
}

type Candidate = PlacedInSegment & { readonly seq: number };

/** Messages of others that were not deleted, be they read or not. */
function unreadCandidates(
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
async function summarise(
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
