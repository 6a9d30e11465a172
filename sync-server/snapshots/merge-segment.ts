/**
 * Merges the rows of a segment into its snapshot: pure, from bytes to bytes.
 *
 * The work is a Y.Doc's (gc on, one transaction), so deleted content is gone from the result: what the rows delete, and the edits of
 * deleted messages, which the relay's deletions do not cover (N3). What a replica wrote is joined before it is
 * applied: Yjs would join it one by one, copying the replica's whole history each time. In the result every replica's items are one
 * chain, also those of stock clients, whatever they stood after (decision 0003): a snapshot has one struct for each replica, and
 * nobody can make it slow to read.
 */
import * as Y from 'yjs';
import { findDeletedEdits } from '#schema/segment/deleted-edits.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import type { SegmentBundle, SeqRun } from '#schema/segment/segment-bundle.ts';
import {
  encodeAppend,
  encodeDeletion,
  encodePlaces,
  type ClockRange,
  type LogElement,
} from '#schema/segment/update-codec.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';
import { BadRow, readRow, type RowContent } from './read-row.ts';

/** A row that was left out, and why. Its clocks, if it had any, are filled so that later rows stand. */
export interface LeftOut {
  readonly row: SegmentRow;
  readonly reason: string;
}

export interface MergedSegment {
  readonly bundle: SegmentBundle;
  readonly bad: readonly LeftOut[];
  /** Clocks below a row's first that no row holds: a row went missing. Filled as well; a snapshot must not be stored then. */
  readonly missing: readonly ClockRange[];
  /** Whether it holds deletions for everyone: an edit that comes later may be of a message that is gone. */
  readonly deletions: boolean;
}

/** Events of one replica that follow each other and are not applied yet. */
interface Piece {
  readonly clock: number;
  readonly values: unknown[];
}

/**
 * @param before the segment's snapshot, or null
 * @param rows what was committed after it, in order of seq
 * @throws what Yjs throws when the snapshot itself cannot be read
 */
export function mergeSegment(before: SegmentBundle | null, rows: readonly SegmentRow[]): MergedSegment {
  const doc = new Y.Doc();
  const clocks = new Map<number, number>();
  const nextClock = (replica: number): number => clocks.get(replica) ?? 0;
  const seqs: SeqRun[] = [...(before?.seqs ?? [])];
  for (const { replica, count } of seqs) clocks.set(replica, nextClock(replica) + count);
  const bad: LeftOut[] = [];
  const missing: ClockRange[] = [];
  const deletions: ClockRange[] = [];
  const open = new Map<number, Piece>();

  const apply = (): void => {
    for (const [replica, { clock, values }] of open)
      Y.applyUpdate(doc, encodeAppend(replica, clock, values as SegmentEvent[]));
    open.clear();
  };
  const advance = (replica: number, count: number, seq: number): void => {
    seqs.push({ seq, replica, count });
    clocks.set(replica, nextClock(replica) + count);
  };
  /** Items without content where nobody has any: else everything the replica wrote later would wait for it for ever. */
  const fill = (replica: number, count: number, seq: number): void => {
    apply();
    const clock = nextClock(replica);
    const hole = Array.from({ length: count }, (_, i) => ({ replica, clock: clock + i, gone: true as const }));
    Y.applyUpdate(doc, encodePlaces(hole));
    advance(replica, count, seq);
  };

  const deleted = doc.transact(() => {
    if (before && before.update.length > 0) Y.applyUpdate(doc, before.update);
    for (const row of rows) {
      const { replica, clockFrom: clock, clockCount: count, seq } = row;
      const place = replica === null || clock === null ? null : { replica, clock };
      if (place && place.clock > nextClock(place.replica)) {
        const lost = place.clock - nextClock(place.replica);
        missing.push({ replica: place.replica, clock: nextClock(place.replica), count: lost });
        fill(place.replica, lost, seq);
      }
      let content: RowContent;
      try {
        content = readRow(row, nextClock);
      } catch (error) {
        if (!(error instanceof BadRow)) throw error;
        bad.push({ row, reason: error.message });
        const end = place ? place.clock + count - nextClock(place.replica) : 0;
        if (place && end > 0) fill(place.replica, end, seq);
        continue;
      }
      deletions.push(...content.deletions);
      if (!place) continue;
      const piece = open.get(place.replica);
      if (piece) piece.values.push(...content.values);
      else open.set(place.replica, { clock: place.clock, values: [...content.values] });
      advance(place.replica, count, seq);
    }
    apply();
    // Before anything is deleted: a deletion counts even if it was deleted itself.
    const found = findDeletedEdits(elementsOf(doc));
    for (const { replica, clock } of found.edits) deletions.push({ replica, clock, count: 1 });
    Y.applyUpdate(doc, encodeDeletion(deletions));
    return found;
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  const throughSeq = Math.max(before?.throughSeq ?? 0, rows.at(-1)?.seq ?? 0);
  return { bundle: { throughSeq, update, seqs }, bad, missing, deletions: deleted.deletions };
}

/** The elements a document holds, replica by replica. */
function* elementsOf(doc: Y.Doc): Generator<LogElement, void> {
  for (const [replica, structs] of doc.store.clients) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentAny)) continue;
      const { clock } = struct.id;
      for (const [i, value] of struct.content.arr.entries())
        yield { replica, clock: clock + i, value: value as unknown };
    }
  }
}

/** The number of events that were committed to a segment, those deleted since included. */
export function countEvents(bundle: SegmentBundle): number {
  return bundle.seqs.reduce((sum, run) => sum + run.count, 0);
}
