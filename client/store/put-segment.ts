import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { isKnown } from '#schema/segment/events.ts';
import { deletedTimes, stoodThere } from '#schema/segment/gone-content.ts';
import { decodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { bundlePlaces } from './bundle-places.ts';
import { CommittedPlaces, withoutDeletedEdits } from './committed-places.ts';
import { withSeqs } from './cursor.ts';
import type { MergedRow, SegmentRowHead } from './database-rows.ts';
import { refreshLast } from './find-last-message.ts';
import { holdsLateEdit } from './late-edits.ts';
import { layOut, stretches } from './lay-out-blocks.ts';
import { blockPlaces, clocksAfter, mergedRow, packBlocks, putMerged } from './merged-past.ts';
import { ensureSegment, outboxOf, waitingEvent } from './own-events.ts';
import { conversationRow, ofEpoch, segmentHead, updateRows } from './read-rows.ts';
import type { CommittedPlace } from './segment-block.ts';
import { recountUnread, unreadCandidates } from './segment-unread.ts';
import { read, write, type StoreContext, type WriteTransaction } from './store-context.ts';
import { packUpdates, type StoredUpdate } from './update-row.ts';

/**
 * Stores a fetched segment in place of what was here of it; own events that wait, and what is newer, stay beside it. False: it is older
 * than what is needed. Throws an Error for a bundle that cannot be read, having changed nothing.
 */
export async function putSegment(
  context: StoreContext,
  conversation: ConversationId,
  segment: SegmentName,
  bytes: Uint8Array,
): Promise<boolean> {
  const bundle = decodeBundle(bytes);
  const fetched = bundlePlaces(bundle);
  for (;;) {
    const before = await read(context, ['segments', 'merged'], async (transaction) => {
      const head = await segmentHead(transaction, conversation, segment);
      return head ? { head, merged: await mergedRow(transaction, head.s) } : { head: null, merged: null };
    });
    const whole = before.head ? await joined(context, before.head, before.merged, fetched, bundle) : fetched;
    if (whole === null) continue; // another tab replaced a block meanwhile
    const places = withoutDeletedEdits(whole);
    const blocks = await packBlocks(layOut(stretches(segment, places)));
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
      const through = Math.max(bundle.throughSeq, whole === fetched ? 0 : merged.through);
      await acknowledgeBundled(transaction, head, fetched);
      const { mergedN, left } = await dropCovered(transaction, head, bundle.throughSeq, merged.mergedN);
      await putMerged(transaction, head, merged, {
        keep: [],
        add: blocks,
        clocks: clocksAfter(places),
        through,
        mergedN,
      });
      const present = bundle.throughSeq >= head.needs;
      // The bundle may say that what they edit is deleted.
      const edits = left.flatMap((update) => decodeUpdate(update.bytes).elements);
      const deletions = left.length > 0 && (head.deletions || (await holdsLateEdit(transaction, head.s, edits)));
      await transaction.db.segments.update(head.s, { present, staleN: 0, deletions });
      if (present && deletions) context.upkeep.note(conversation, segment, 0, true);
      await recountUnread(transaction, head, unread);
      transaction.tell({ what: 'segment', conversation, segment, rows: [], whole: true });
      return present;
    });
    if (done === null) continue;
    await refreshLast(context, conversation);
    return done;
  }
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

/**
 * Own events that wait and stand in the bundle with the same content were committed, and their acks are lost or still on their way.
 * The cursor counts them now: an ack that finds nothing waiting is skipped, and no delta brings them (S7).
 */
async function acknowledgeBundled(
  transaction: WriteTransaction,
  head: SegmentRowHead,
  fetched: readonly CommittedPlace[],
): Promise<void> {
  const waiting = (await outboxOf(transaction, head.conversation)).filter(({ s }) => s === head.s);
  if (waiting.length === 0) return;
  const deleted = deletedTimes(fetched);
  const places = new Map(fetched.map((place) => [`${place.replica}.${place.clock}`, place]));
  let row = await conversationRow(transaction, head.conversation);
  for (const entry of waiting) {
    const place = places.get(`${entry.replica}.${entry.clock}`);
    const own = place && (await waitingEvent(transaction, entry));
    if (!own || !place) continue;
    const same =
      'gone' in place
        ? stoodThere(own.event, entry, deleted)
        : JSON.stringify(place.value) === JSON.stringify(own.event);
    if (!same) continue;
    await transaction.db.rows.delete([entry.s, entry.row]);
    await transaction.db.outbox.delete(entry.n);
    transaction.tell({ what: 'outbox' });
    if (!row) continue;
    const to = isKnown(own.event) && own.event.kind === 'delete' ? place.seq + 1 : place.seq;
    row = { ...row, ...withSeqs(row, place.seq, to), head: Math.max(row.head, to) };
    await transaction.db.conversations.put(row);
  }
}

/**
 * Takes the rows out that the bundle covers; what came later, and what waits, stays. Gives the highest n taken out, and what was left that is
 * committed.
 */
async function dropCovered(
  transaction: WriteTransaction,
  head: SegmentRowHead,
  through: number,
  mergedN: number,
): Promise<{ mergedN: number; left: StoredUpdate[] }> {
  let highest = mergedN;
  const left: StoredUpdate[] = [];
  for (const { n, updates } of await updateRows(transaction, head.s, 0)) {
    const later = updates.filter(({ seq }) => seq === null || (n > head.staleN && seq > through));
    left.push(...later.filter(({ seq }) => seq !== null));
    if (later.length === updates.length) continue;
    highest = Math.max(highest, n);
    if (later.length === 0) await transaction.db.rows.delete([head.s, n]);
    else await transaction.db.rows.put(packUpdates(later), [head.s, n]);
  }
  return { mergedN: highest, left };
}
