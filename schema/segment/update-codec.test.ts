import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { UserId } from '../ids.ts';
import type { SegmentEvent } from './events.ts';
import { decodeUpdate, encodeAppend, encodeDeletion, encodePlaces, LOG, type StoredPlace } from './update-codec.ts';

const ana = '00000000-0000-4000-8000-000000000001' as UserId;
const event = (text: string): SegmentEvent => ({ kind: 'message', by: ana, at: 1_793_836_800_000, text });

/** The elements of the log of a document. */
const log = (doc: Y.Doc): unknown[] => doc.getArray(LOG).toArray();

function applied(...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ gc: true });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

/** The bytes a Y.Doc makes when one replica pushes events, one transaction each. */
function pushed(replica: number, batches: readonly (readonly SegmentEvent[])[]): Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = replica;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const batch of batches) doc.getArray(LOG).push([...batch]);
  return updates;
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const batches = fc.array(fc.array(text.map(event), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
const replica = fc.integer({ min: 1, max: 0xffff_ffff });

describe('an append written without a document', () => {
  test('is, byte for byte, what a document writes', () => {
    fc.assert(
      fc.property(replica, batches, (own, given) => {
        let clock = 0;
        const written = given.map((batch) => {
          const update = encodeAppend(own, clock, batch);
          clock += batch.length;
          return update;
        });
        expect(written.map(String)).toEqual(pushed(own, given).map(String));
      }),
      { numRuns: 40 },
    );
  });

  test('[R10] converges in any order, and merges into one struct for each replica', () => {
    const updates = [1, 2].flatMap((own) =>
      [0, 1, 2].map((clock) => encodeAppend(own, clock, [event(`${own}.${clock}`)])),
    );
    const forwards = applied(...updates);
    const backwards = applied(...updates.toReversed());
    expect(log(backwards)).toEqual(log(forwards));
    expect(backwards.store.pendingStructs).toBeNull();
    expect(Y.decodeUpdate(Y.encodeStateAsUpdate(forwards)).structs).toHaveLength(2);
  });

  test('is read back as it was written', () => {
    expect(decodeUpdate(encodeAppend(7, 3, [event('a'), event('b')]))).toEqual({
      elements: [
        { replica: 7, clock: 3, value: event('a') },
        { replica: 7, clock: 4, value: event('b') },
      ],
      gone: [],
      deletions: [],
    });
  });
});

describe('a deletion written without a document', () => {
  test('takes the content out of a document, and is read back', () => {
    const doc = applied(encodeAppend(7, 0, [event('a'), event('b'), event('c')]), encodeAppend(3, 0, [event('d')]));
    const deletion = encodeDeletion([
      { replica: 7, clock: 1, count: 2 },
      { replica: 3, clock: 0, count: 1 },
    ]);
    Y.applyUpdate(doc, deletion);
    expect(log(doc)).toEqual([event('a')]);
    expect(new TextDecoder().decode(Y.encodeStateAsUpdate(doc))).not.toContain('"c"');
    expect(decodeUpdate(deletion).deletions).toEqual(
      expect.arrayContaining([
        { replica: 7, clock: 1, count: 2 },
        { replica: 3, clock: 0, count: 1 },
      ]),
    );
    const { elements, gone } = decodeUpdate(Y.encodeStateAsUpdate(doc));
    expect(elements).toEqual([{ replica: 7, clock: 0, value: event('a') }]);
    expect(gone).toEqual(
      expect.arrayContaining([
        { replica: 7, clock: 1, count: 2 },
        { replica: 3, clock: 0, count: 1 },
      ]),
    );
  });
});

/** A document several replicas wrote, some as stock clients do: after whatever stands last. */
const documents = fc
  .array(
    fc.record({
      replica: fc.integer({ min: 1, max: 5 }),
      stock: fc.boolean(),
      texts: fc.array(text, { minLength: 1, maxLength: 3 }),
      delete: fc.boolean(),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((acts) => {
    const doc = new Y.Doc({ gc: true });
    const bystander = doc.clientID;
    const clocks = new Map<number, number>();
    for (const act of acts) {
      const clock = clocks.get(act.replica) ?? 0;
      if (act.stock) {
        doc.clientID = act.replica;
        doc.getArray(LOG).push(act.texts.map(event));
        doc.clientID = bystander;
      } else {
        Y.applyUpdate(doc, encodeAppend(act.replica, clock, act.texts.map(event)));
      }
      clocks.set(act.replica, clock + act.texts.length);
      if (act.delete) Y.applyUpdate(doc, encodeDeletion([{ replica: act.replica, clock, count: 1 }]));
    }
    return Y.encodeStateAsUpdate(doc);
  });

function placesOf(update: Uint8Array): StoredPlace[] {
  const { elements, gone } = decodeUpdate(update);
  const lost = gone.flatMap(({ replica: of, clock, count, origin }) =>
    Array.from({ length: count }, (_, i) => ({
      replica: of,
      clock: clock + i,
      gone: true as const,
      ...(i === 0 && origin !== undefined ? { origin } : {}),
    })),
  );
  return [...elements, ...lost].sort((one, other) => one.replica - other.replica || one.clock - other.clock);
}

describe('places written apart', () => {
  test('are together the document they were taken from, however they are cut', () => {
    fc.assert(
      fc.property(documents, fc.func(fc.nat(2)), (update, partOf) => {
        const places = placesOf(update);
        const parts = [0, 1, 2].map((part) =>
          encodePlaces(places.filter(({ replica: of, clock }) => partOf(of, clock) === part)),
        );
        const whole = applied(update);
        // Merged before they are applied: a Y.Doc that gets parts with gaps keeps some of them pending though all are there.
        const joined = applied(Y.mergeUpdates(parts));
        expect(joined.store.pendingStructs).toBeNull();
        expect(log(joined)).toEqual(log(whole));
        expect(String(Y.encodeStateVector(joined))).toEqual(String(Y.encodeStateVector(whole)));
      }),
      { numRuns: 60 },
    );
  });

  test('are read back as they were written', () => {
    fc.assert(
      fc.property(documents, fc.func(fc.boolean()), (update, taken) => {
        const places = placesOf(update).filter(({ replica: of, clock }) => taken(of, clock));
        expect(placesOf(encodePlaces(places)).map(content)).toEqual(places.map(content));
      }),
      { numRuns: 60 },
    );
  });
});

function content(place: StoredPlace): unknown {
  return 'gone' in place ? [place.replica, place.clock] : [place.replica, place.clock, place.value];
}

test('malformed bytes are refused with an error, not with memory', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decodeUpdate(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
