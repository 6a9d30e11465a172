/**
 * Proves that a snapshot holds exactly what it replaces, before anything is removed (N1). Nothing here shares code with the
 * merge: what must be there is read from the old snapshot and the rows one by one, without a Y.Doc, and compared with what a
 * reader of the new bytes will find.
 */
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { EventId, eventPlace } from '#schema/ids.ts';
import { decodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import { decodeUpdate, LOG, type LogElement, type UpdateContent } from '#schema/segment/update-codec.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';

/** The new snapshot is not equal to what it should replace: it must not be stored. */
export class NotEqual extends Error {
  override readonly name = 'NotEqual';
}

/** What is to be proved. */
export interface Claim {
  readonly before: SegmentBundle | null;
  /** The rows merged, in order of seq. */
  readonly rows: readonly SegmentRow[];
  /** Seqs of those rows that were left out as bad. */
  readonly bad: ReadonlySet<number>;
  /** The database's own account: the next clock of each replica, as of the last of the rows. */
  readonly clocks: ReadonlyMap<number, number>;
  /** The gzipped bundle that is to be stored. */
  readonly body: Uint8Array;
}

/** Stands where an event's content is gone. */
const GONE = Symbol('gone');
/** A replica's events by clock. */
type Log = Map<number, unknown[]>;

/** @throws NotEqual saying where */
export function proveSegment(claim: Claim): void {
  const bundle = decodeBundle(gunzipSync(claim.body));
  if (bundle.throughSeq !== Math.max(claim.before?.throughSeq ?? 0, claim.rows.at(-1)?.seq ?? 0))
    throw new NotEqual(`it ends at seq ${bundle.throughSeq}`);
  const content = decodeUpdate(bundle.update);
  const actual = logOf([content]);
  compareClocks('its events', lengths(actual), claim.clocks);
  compareClocks('its seqs', countRuns(bundle), claim.clocks);
  compareLogs(actual, expectedLog(claim));
  compareSeqs(bundle, claim);
  provePlainDoc(bundle, content);
}

/** What must be found: everything of the old snapshot and the rows, less what was deleted, with its edits, or left out. */
function expectedLog({ before, rows, bad }: Claim): Log {
  const good = rows.filter((row) => !bad.has(row.seq));
  const old: UpdateContent[] = before && before.update.length > 0 ? [decodeUpdate(before.update)] : [];
  const contents = [...old, ...good.map((row) => decodeUpdate(row.bytes))];
  const log = logOf(contents);
  for (const { replica, clock } of editsOfDeleted(contents)) eventsOf(log, replica)[clock] = GONE;
  for (const { seq, replica, clockFrom, clockCount } of rows) {
    if (!bad.has(seq) || replica === null || clockFrom === null) continue;
    const events = eventsOf(log, replica);
    // A row that was bad for overlapping others must not cover what they hold.
    for (let clock = clockFrom; clock < clockFrom + clockCount; clock++) if (!(clock in events)) events[clock] = GONE;
  }
  return log;
}

/** The edits of messages that a deletion names (N3). */
function editsOfDeleted(contents: readonly UpdateContent[]): LogElement[] {
  const of = (kind: string): { element: LogElement; target: string }[] =>
    contents.flatMap(({ elements }) =>
      elements.flatMap((element) => {
        const event = element.value as { kind?: unknown; target?: unknown } | null;
        const target = event?.kind === kind ? EventId.safeParse(event.target) : null;
        if (!target?.success) return [];
        const { replica, clock } = eventPlace(target.data);
        return [{ element, target: `${replica}.${clock}` }];
      }),
    );
  const deleted = new Set(of('delete').map(({ target }) => target));
  return of('edit').flatMap(({ element, target }) => (deleted.has(target) ? [element] : []));
}

function logOf(contents: readonly UpdateContent[]): Log {
  const log: Log = new Map();
  for (const { elements } of contents)
    for (const { replica, clock, value } of elements) eventsOf(log, replica)[clock] = value;
  for (const { gone, deletions } of contents) {
    for (const { replica, clock, count } of [...gone, ...deletions])
      eventsOf(log, replica).length = Math.max(eventsOf(log, replica).length, clock + count);
    for (const { replica, clock, count } of [...gone, ...deletions])
      eventsOf(log, replica).fill(GONE, clock, clock + count);
  }
  return log;
}

function eventsOf(log: Log, replica: number): unknown[] {
  let events = log.get(replica);
  if (!events) log.set(replica, (events = []));
  return events;
}

function lengths(log: Log): Map<number, number> {
  return new Map([...log].map(([replica, events]) => [replica, events.length]));
}

function countRuns(bundle: SegmentBundle): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { replica, count } of bundle.seqs) counts.set(replica, (counts.get(replica) ?? 0) + count);
  return counts;
}

function compareClocks(what: string, actual: ReadonlyMap<number, number>, expected: ReadonlyMap<number, number>): void {
  for (const replica of new Set([...actual.keys(), ...expected.keys()])) {
    const [found, due] = [actual.get(replica) ?? 0, expected.get(replica) ?? 0];
    if (found !== due) throw new NotEqual(`${what} of replica ${replica} end at clock ${found}, not ${due}`);
  }
}

function compareLogs(actual: Log, expected: Log): void {
  for (const [replica, events] of expected) {
    const found = actual.get(replica) ?? [];
    for (let clock = 0; clock < events.length; clock++) {
      // A hole in either list reads as undefined, which no event is.
      if (events[clock] === undefined || !isDeepStrictEqual(found[clock], events[clock]))
        throw new NotEqual(`another event at ${replica}.${clock}`);
    }
  }
}

/** The seqs of the old snapshot stand as they were, and after them those of the rows. */
function compareSeqs(bundle: SegmentBundle, { before, rows, bad }: Claim): void {
  const due = rows
    .filter((row) => row.clockCount > 0 && !bad.has(row.seq))
    .map(({ seq, replica, clockCount: count }) => ({ seq, replica, count }));
  const old = before?.seqs ?? [];
  // What was left out keeps its clocks, so it may have a run as well.
  const added = bundle.seqs.slice(old.length).filter((run) => !bad.has(run.seq));
  if (!isDeepStrictEqual([...bundle.seqs.slice(0, old.length), ...added], [...old, ...due]))
    throw new NotEqual('its events are numbered otherwise');
}

/** A stock Yjs reader finds the same, and nothing that waits for what never comes. */
function provePlainDoc(bundle: SegmentBundle, content: UpdateContent): void {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, bundle.update);
  const { pendingStructs, pendingDs } = doc.store;
  const length = doc.getArray(LOG).length;
  doc.destroy();
  if (pendingStructs !== null || pendingDs !== null) throw new NotEqual('a part of it waits for what it does not hold');
  if (length !== content.elements.length)
    throw new NotEqual(`a Yjs document finds ${length} events, not ${content.elements.length}`);
}
