/** Segments as several writers make them, for tests of what reads the update log: a list of acts → the rows the relay would store. */
import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { SegmentName, UserId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { decodeUpdate, encodeAppend, encodeDeletion, LOG } from '#schema/segment/update-codec.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';

/** What happens next in a segment. `target` picks one of the events there are. */
export type Act =
  | { readonly act: 'append'; readonly replica: number; readonly texts: readonly string[] }
  /** A stock Yjs client, which lets an item follow whatever stands last. */
  | { readonly act: 'stock-append'; readonly replica: number; readonly texts: readonly string[] }
  | { readonly act: 'edit'; readonly replica: number; readonly target: number; readonly text: string }
  | { readonly act: 'delete'; readonly replica: number; readonly target: number };

/** Where an event stands, and what it says; null once it is gone. */
export type Model = Map<string, SegmentEvent | null>;

/** The highest replica a history uses. */
export const testReplicas = 8;
export const testSegment = '2026-11' as SegmentName;
const by = '00000000-0000-4000-8000-000000000001' as UserId;
const start = Date.UTC(2026, 10, 5);

const replica = fc.integer({ min: 1, max: 5 });
const stockReplica = fc.integer({ min: 6, max: 8 });
const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
const texts = fc.array(text, { minLength: 1, maxLength: 3 });
const target = fc.nat(1_000);

/** A history of up to `maxLength` acts. */
export function acts(maxLength: number): fc.Arbitrary<Act[]> {
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ act: fc.constant('append' as const), replica, texts }) },
      { weight: 2, arbitrary: fc.record({ act: fc.constant('stock-append' as const), replica: stockReplica, texts }) },
      { weight: 1, arbitrary: fc.record({ act: fc.constant('edit' as const), replica, target, text }) },
      { weight: 2, arbitrary: fc.record({ act: fc.constant('delete' as const), replica, target }) },
    ),
    { maxLength },
  );
}

/** How a history is played. */
export interface Stage {
  /** The seq of the first row. */
  readonly firstSeq?: number;
  /** The replica that stands for one of the history's. */
  readonly replica?: (name: number) => number;
}

/** Plays a history: the rows in order of seq, and what a reader must find at the end, once all was merged. */
export function playActs(
  history: readonly Act[],
  { firstSeq = 1, replica: standIn = (name) => name }: Stage = {},
): { rows: SegmentRow[]; model: Model } {
  const rows: SegmentRow[] = [];
  const model: Model = new Map();
  const clocks = new Map<number, number>();
  const doc = new Y.Doc();
  let at = start;

  const store = (row: Pick<SegmentRow, 'replica' | 'clockFrom' | 'clockCount' | 'bytes'>): void => {
    rows.push({ ...row, seq: firstSeq + rows.length, segment: testSegment });
    Y.applyUpdate(doc, row.bytes);
    for (const { replica: own, clock, value } of decodeUpdate(row.bytes).elements)
      model.set(`${own}.${clock}`, value as SegmentEvent);
    if (row.replica !== null) clocks.set(row.replica, (clocks.get(row.replica) ?? 0) + row.clockCount);
  };
  const append = (own: number, events: readonly SegmentEvent[]): void => {
    const clock = clocks.get(own) ?? 0;
    store({ replica: own, clockFrom: clock, clockCount: events.length, bytes: encodeAppend(own, clock, events) });
  };
  const messages = (from: readonly string[]): SegmentEvent[] =>
    from.map((said) => ({ kind: 'message', by, at: ++at, text: said }));

  for (const act of history) {
    const own = standIn(act.replica);
    if (act.act === 'append') append(own, messages(act.texts));
    if (act.act === 'stock-append') {
      const before = Y.encodeStateVector(doc);
      doc.clientID = own;
      doc.getArray(LOG).push(messages(act.texts));
      const clock = clocks.get(own) ?? 0;
      store({
        replica: own,
        clockFrom: clock,
        clockCount: act.texts.length,
        bytes: withoutDeletions(Y.encodeStateAsUpdate(doc, before)),
      });
    }
    const place = 'target' in act ? [...model.keys()][act.target % Math.max(1, model.size)] : undefined;
    if (!place || act.act === 'append' || act.act === 'stock-append') continue;
    const id = `${testSegment}.${place}` as never;
    if (act.act === 'edit') append(own, [{ kind: 'edit', by, at: ++at, target: id, text: act.text }]);
    // Nobody deletes a deletion; who did would only make it chance which edits were forgotten before.
    if (act.act === 'delete' && model.get(place) && model.get(place)?.kind !== 'delete') {
      append(own, [{ kind: 'delete', by, at: ++at, target: id, targetBy: by, targetAt: start }]);
      const [author, clock] = place.split('.').map(Number) as [number, number];
      store({
        replica: null,
        clockFrom: null,
        clockCount: 0,
        bytes: encodeDeletion([{ replica: author, clock, count: 1 }]),
      });
      model.set(place, null);
    }
  }
  doc.destroy();
  return { rows, model: asMerged(model) };
}

/** What is left of a segment once it was merged: no text of an edit whose target was deleted (N3). */
export function asMerged(model: Model): Model {
  const events = [...model.values()].filter((event) => event !== null);
  const deleted = new Set(events.filter(({ kind }) => kind === 'delete').map((event) => event['target']));
  return new Map(
    [...model].map(([place, event]) => [place, event?.kind === 'edit' && deleted.has(event['target']) ? null : event]),
  );
}

/** What a stock provider sends when it writes live: the new items alone. `encodeStateAsUpdate` repeats every deletion of the document. */
function withoutDeletions(update: Uint8Array): Uint8Array {
  const { structs } = Y.decodeUpdate(update);
  const encoder = new Y.UpdateEncoderV1();
  const rest = encoder.restEncoder;
  const first = structs[0];
  if (!first) throw new Error('an update without items');
  writeVarUints(rest, [1, structs.length, first.id.client, first.id.clock]);
  for (const struct of structs) struct.write(encoder, 0);
  writeVarUints(rest, [0]);
  return encoder.toUint8Array();
}

function writeVarUints(encoder: encoding.Encoder, numbers: readonly number[]): void {
  for (const n of numbers) encoding.writeVarUint(encoder, n);
}
