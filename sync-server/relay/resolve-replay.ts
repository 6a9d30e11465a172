/**
 * What to say to pushes whose place is taken (W3): the same content is a replay and gets the seq it was committed with (R6), other content
 * is a conflict. What is compared are the events; the bytes may be cut differently, or exist only merged into a snapshot.
 */
import * as Y from 'yjs';
import { Refusal } from '#schema/errors.ts';
import type { EventId, SegmentName } from '#schema/ids.ts';
import { deletedTimes, stoodThere } from '#schema/segment/gone-content.ts';
import type { SegmentBundle } from '#schema/segment/segment-bundle.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { Queryable } from '../store/database.ts';
import type { SegmentRow } from '../store/segment-row.ts';
import { storedBundle, storedRows } from '../store/stored-items.ts';
import { admitUpdate, type AdmittedUpdate } from './admit-update.ts';
import type { Committed } from './relay.ts';
import type { QueuedPush } from './waiting-push.ts';

/** A push is stored; `exact`: as a row of its own, which says nothing else. */
export interface Replay {
  readonly committed: Committed;
  readonly exact: boolean;
}

/** The verdict on a push: it is stored, it is refused, or the part of it from `expected` on is new. */
export type Verdict = Replay | Refusal | { readonly rest: AdmittedUpdate };

/**
 * @param pushes of one replica in one segment, each beginning below `expected`
 * @param expected the replica's next clock when they were refused
 * @returns a verdict for each
 */
export async function resolveReplays(
  database: Queryable,
  pushes: readonly QueuedPush[],
  expected: number,
): Promise<Verdict[]> {
  const [first] = pushes;
  if (!first) return [];
  const { conversation, segment } = first.push;
  const { replica } = first.admitted;
  const from = Math.min(...pushes.map((push) => push.admitted.clock));
  // Rows first: what is merged meanwhile is in the snapshot that is read after them.
  const rows = await storedRows(database, { conversation, segment, replica, from, to: expected });
  const exact = pushes.map((push) => sameRow(push.admitted, rows));
  if (exact.every((found) => found !== null)) return exact;
  const stored = new StoredContent(rows, await storedBundle(database, conversation, segment), segment, replica);
  return pushes.map((push, i) => exact[i] ?? compare(push, stored, expected));
}

/** Nearly every replay: the very bytes are a row of the log. */
function sameRow(admitted: AdmittedUpdate, rows: readonly SegmentRow[]): Replay | null {
  const row = rows.find((one) => one.clockFrom === admitted.clock && one.clockCount === admitted.count);
  if (!row || Buffer.compare(row.bytes, admitted.bytes) !== 0) return null;
  return { committed: committed(row.seq, admitted), exact: true };
}

/** A deletion took the seq after. */
function committed(seq: number, admitted: AdmittedUpdate): Committed {
  return { seq, to: admitted.deletion === null ? seq : seq + 1 };
}

function compare(push: QueuedPush, stored: StoredContent, expected: number): Verdict {
  const { admitted } = push;
  const conflict = new Refusal('replica-conflict', undefined, expected);
  const events = decodeUpdate(admitted.bytes).elements;
  for (const { clock, value } of events) {
    if (clock < expected && !stored.holds(clock, value)) return conflict;
  }
  const fresh = admitted.clock + admitted.count - expected;
  if (fresh <= 0) {
    // The seq of the last event: by then everything of it is committed.
    const seq = stored.seqOf(admitted.clock + admitted.count - 1);
    return seq === null ? conflict : { committed: committed(seq, admitted), exact: false };
  }
  const known = Y.encodeStateVector(new Map([[admitted.replica, expected]]));
  const rest = Y.diffUpdate(admitted.bytes, known);
  const { user, segment } = push.push;
  return { rest: admitUpdate(rest, { user, segment, now: Infinity, foreignOrigins: Infinity }) };
}

/** What is stored of one replica, from rows and snapshot. */
class StoredContent {
  private readonly values = new Map<number, string | null>();
  /** When what is gone was written. */
  private readonly deleted: ReadonlyMap<EventId, number>;
  private readonly seqs: { readonly from: number; readonly to: number; readonly seq: number }[] = [];

  private readonly segment: SegmentName;
  private readonly replica: number;

  constructor(rows: readonly SegmentRow[], bundle: SegmentBundle | null, segment: SegmentName, replica: number) {
    this.segment = segment;
    this.replica = replica;
    const merged = bundle && bundle.update.length > 0 ? bundle.update : null;
    this.deleted = deletedTimes(merged ? decodeUpdate(merged).elements : []);
    let clock = 0;
    for (const run of bundle?.seqs ?? []) {
      if (run.replica !== replica) continue;
      this.seqs.push({ from: clock, to: clock + run.count, seq: run.seq });
      clock += run.count;
    }
    if (merged) this.read(merged, replica);
    for (const row of rows) {
      const from = row.clockFrom ?? 0;
      this.seqs.push({ from, to: from + row.clockCount, seq: row.seq });
      this.read(row.bytes, replica);
    }
  }

  /** Whether this is what stands there, or stood there until it was deleted: it must not come back then. */
  holds(clock: number, value: unknown): boolean {
    const stored = this.values.get(clock);
    if (stored === null)
      return stoodThere(value, { segment: this.segment, replica: this.replica, clock }, this.deleted);
    return stored !== undefined && stored === JSON.stringify(value);
  }

  seqOf(clock: number): number | null {
    return this.seqs.find((run) => clock >= run.from && clock < run.to)?.seq ?? null;
  }

  private read(update: Uint8Array, replica: number): void {
    const { elements, gone } = decodeUpdate(update);
    for (const element of elements)
      if (element.replica === replica) this.values.set(element.clock, JSON.stringify(element.value));
    for (const range of gone) {
      if (range.replica !== replica) continue;
      for (let i = 0; i < range.count; i++) this.values.set(range.clock + i, null);
    }
  }
}
