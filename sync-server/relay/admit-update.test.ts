import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Refusal, type ErrorCode } from '#schema/errors.ts';
import { LIMITS } from '#schema/limits.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { decodeUpdate, encodeAppend, encodeDeletion } from '#schema/segment/update-codec.ts';
import { ana, append, at, ben, context, hostileUpdates, message, written } from '#tests/support/hostile-updates.ts';
import { admitUpdate, type AdmissionContext } from './admit-update.ts';

const noon = context.now;
const stock: AdmissionContext = { ...context, foreignOrigins: LIMITS.foreignOrigins };

/** The code an update is refused with; 'admitted' when it is not. */
function codeOf(bytes: Uint8Array, changes: Partial<AdmissionContext> = {}): ErrorCode | 'admitted' {
  try {
    admitUpdate(bytes, { ...context, ...changes });
    return 'admitted';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe('an honest update', () => {
  it('[W1] is admitted, and says where it belongs', () => {
    const bytes = encodeAppend(7, 5, [message('one'), message('two')]);
    expect(admitUpdate(bytes, context)).toEqual({
      replica: 7,
      clock: 5,
      count: 2,
      bytes,
      needs: [],
      asAdmin: false,
      deletion: null,
    });
  });

  it('[W1] of any events is admitted with the bytes as they came', () => {
    fc.assert(
      fc.property(honestUpdate(), ({ replica, clock, events, bytes }) => {
        const admitted = admitUpdate(bytes, context);
        expect([admitted.replica, admitted.clock, admitted.count]).toEqual([replica, clock, events.length]);
        expect(decodeUpdate(admitted.bytes).elements.map((element) => element.value)).toEqual(events);
      }),
    );
  });

  it('[D2] is what a stock Y.Doc writes that pushes to the log', () => {
    expect(codeOf(written((doc) => doc.getArray('log').push([message('hello')])))).toBe('admitted');
    expect(
      codeOf(
        written(
          (doc) => doc.getArray('log').push([message('more'), message('again')]),
          (doc) => doc.getArray('log').push([message('first')]),
        ),
      ),
    ).toBe('admitted');
  });

  it('[D2] of a stock Y.Doc may stand after somebody else’s item, which must be stored', () => {
    const other = new Y.Doc();
    other.clientID = 9;
    other.getArray('log').push([message('theirs', { by: ben })]);
    const bytes = written(
      (doc) => doc.getArray('log').push([message('mine')]),
      (doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(other)),
    );
    expect(admitUpdate(bytes, stock).needs).toEqual([{ replica: 9, clock: 0, author: null }]);
    expect(codeOf(bytes)).toBe('forbidden-content');
  });

  it('[D4] may be of a kind or have fields this version does not know', () => {
    expect(
      codeOf(append({ kind: 'poll', by: ana, at: noon, options: ['a', 'b'], nested: { deep: [1, 2.5, null, true] } })),
    ).toBe('admitted');
    expect(codeOf(append({ kind: 'pin', by: ana, at: noon, target: at(3, 1) }))).toBe('admitted');
    expect(codeOf(append(message('x', { mood: 'sunny', target: 17 })))).toBe('admitted');
  });

  it('takes about 20 µs', () => {
    const bytes = encodeAppend(7, 5, [message('A message of about fifty characters, as people write.')]);
    for (let i = 0; i < 3_000; i++) admitUpdate(bytes, context);
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      for (let i = 0; i < 500; i++) admitUpdate(bytes, context);
      return (performance.now() - start) * 2; // µs each
    }).sort((one, other) => one - other);
    // Ten times as much as on a quiet machine: it is there to catch an accident, not a busy neighbour.
    expect(times[0]).toBeLessThan(200);
  });
});

describe('what an update is about', () => {
  it('[D6] an edit needs its target to be the author’s own', () => {
    const edit = { kind: 'edit', by: ana, at: noon, target: at(3, 8), text: 'better' };
    expect(admitUpdate(append(edit), context)).toMatchObject({
      needs: [{ replica: 3, clock: 8, author: ana }],
      asAdmin: false,
    });
  });

  it('[D6] a reaction needs its target, whoever wrote it', () => {
    expect(
      admitUpdate(append({ kind: 'react', by: ana, at: noon, target: at(3, 8), emoji: '👍', on: true }), context).needs,
    ).toEqual([{ replica: 3, clock: 8, author: null }]);
  });

  it('[D7] a deletion of an own message is followed by the Yjs deletion of its target', () => {
    const admitted = admitUpdate(
      append({ kind: 'delete', by: ana, at: noon, target: at(3, 8), targetBy: ana, targetAt: noon }),
      context,
    );
    expect(admitted).toMatchObject({ needs: [{ replica: 3, clock: 8, author: ana }], asAdmin: false });
    expect(admitted.deletion).toEqual(encodeDeletion([{ replica: 3, clock: 8, count: 1 }]));
  });

  it('[D6] a deletion of somebody else’s takes an admin, and names the author for the commit to check', () => {
    const admitted = admitUpdate(
      append({ kind: 'delete', by: ana, at: noon, target: at(3, 8), targetBy: ben, targetAt: noon }),
      context,
    );
    expect(admitted).toMatchObject({ needs: [{ replica: 3, clock: 8, author: ben }], asAdmin: true });
  });

  it('[D7] the deletions of one update are one, as Yjs writes it', () => {
    const remove = (replica: number, clock: number) => ({
      kind: 'delete',
      by: ana,
      at: noon,
      target: at(replica, clock),
      targetBy: ana,
      targetAt: noon,
    });
    const { deletion } = admitUpdate(
      append(remove(3, 9), remove(4, 1), remove(3, 8), remove(3, 8), remove(3, 2)),
      context,
    );
    expect(decodeUpdate(deletion ?? new Uint8Array()).deletions).toEqual([
      { replica: 4, clock: 1, count: 1 },
      { replica: 3, clock: 2, count: 1 },
      { replica: 3, clock: 8, count: 2 },
    ]);
  });

  it('of many needs of one replica the highest clock remains', () => {
    const react = (replica: number, clock: number) => ({
      kind: 'react',
      by: ana,
      at: noon,
      target: at(replica, clock),
      emoji: '👍',
      on: true,
    });
    expect(admitUpdate(append(react(3, 1), react(3, 9), react(4, 2), react(3, 5)), context).needs).toEqual([
      { replica: 3, clock: 9, author: null },
      { replica: 4, clock: 2, author: null },
    ]);
  });

  it('an item of the own replica before it is stored whenever its own clock is the next', () => {
    const edit = (clock: number) => ({ kind: 'edit', by: ana, at: noon, target: at(7, clock), text: 'better' });
    expect(admitUpdate(encodeAppend(7, 5, [edit(4)] as SegmentEvent[]), context).needs).toEqual([]);
    expect(admitUpdate(encodeAppend(7, 5, [message('x'), edit(5)] as SegmentEvent[]), context).needs).toEqual([]);
    expect(codeOf(encodeAppend(7, 5, [edit(5)] as SegmentEvent[]))).toBe('unknown-target');
    expect(codeOf(encodeAppend(7, 5, [edit(6)] as SegmentEvent[]))).toBe('unknown-target');
  });
});

describe('a hostile update', () => {
  it.each(hostileUpdates)('[W1] %s: %s', (_, code, bytes, changes) => {
    expect(codeOf(bytes, changes)).toBe(code);
  });

  it('[D9] the refusal of a clock ahead names the server’s time', () => {
    try {
      admitUpdate(append(message('x', { at: noon + 200_000 })), context);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'clock-ahead', expected: noon });
    }
    expect(codeOf(append(message('x', { at: noon + LIMITS.clockAheadMs })))).toBe('admitted');
  });

  it('[W1] costs little: neither time nor memory follows the numbers it claims', () => {
    for (const [name, , bytes, changes] of hostileUpdates) {
      codeOf(bytes, changes);
      const heap = process.memoryUsage();
      const start = performance.now();
      for (let i = 0; i < 5; i++) codeOf(bytes, changes);
      const each = (performance.now() - start) / 5;
      const after = process.memoryUsage();
      expect(each, `${name}: ms`).toBeLessThan(100);
      expect(after.arrayBuffers - heap.arrayBuffers, `${name}: bytes of buffers`).toBeLessThan(32 << 20);
      expect(after.heapUsed - heap.heapUsed, `${name}: bytes of heap`).toBeLessThan(64 << 20);
    }
  });

  it('[R11] changed bytes of an honest one are refused by a code or still say the same, and never throw anything else', () => {
    const edits = fc.array(
      fc.record({ place: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom('set', 'insert', 'remove', 'cut') }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(honestUpdate(), edits, ({ bytes }, changes) => {
        let mutated = [...bytes];
        for (const { place, byte, kind } of changes) {
          const i = place % (mutated.length + 1);
          if (kind === 'set') mutated[i] = byte;
          else if (kind === 'insert') mutated.splice(i, 0, byte);
          else if (kind === 'remove') mutated.splice(i, 1);
          else mutated = mutated.slice(0, i);
        }
        const update = Uint8Array.from(mutated);
        if (codeOf(update, { foreignOrigins: 64 }) !== 'admitted') return;
        // What passes reads the same to a Y.Doc as to admission: appended, complete, by one replica.
        const doc = new Y.Doc();
        const { replica, clock, count } = admitUpdate(update, { ...context, foreignOrigins: 64 });
        if (clock > 0)
          Y.applyUpdate(
            doc,
            encodeAppend(
              replica,
              0,
              Array.from({ length: clock }, () => message('before')),
            ),
          );
        Y.applyUpdate(doc, update);
        expect([...doc.share.keys()]).toEqual(['log']);
        expect(doc.store.clients.size).toBeLessThanOrEqual(1);
        if (doc.store.pendingStructs === null) expect(doc.getArray('log').length).toBe(clock + count);
      }),
      { numRuns: 2_000 },
    );
  });

  it('[R11] random bytes never throw anything but a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        codeOf(bytes);
        codeOf(Uint8Array.of(1, 1, 7, 0, 8, ...bytes));
      }),
      { numRuns: 2_000 },
    );
  });
});

interface HonestUpdate {
  readonly replica: number;
  readonly clock: number;
  readonly events: SegmentEvent[];
  readonly bytes: Uint8Array;
}

function honestUpdate(): fc.Arbitrary<HonestUpdate> {
  const time = fc.integer({ min: Date.UTC(2026, 10, 1), max: noon });
  const text = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
  const target = fc
    .record({ replica: fc.integer({ min: 1, max: 6 }), clock: fc.nat(50) })
    .map(({ replica, clock }) => at(replica, clock));
  const shared = { by: fc.constant(ana), at: time };
  const event = fc.oneof(
    fc.record({ kind: fc.constant('message'), ...shared, text, mood: fc.jsonValue({ maxDepth: 3 }) }),
    fc.record({ kind: fc.constant('edit'), ...shared, target, text }),
    fc.record({ kind: fc.constant('delete'), ...shared, target, targetBy: fc.constantFrom(ana, ben), targetAt: time }),
    fc.record({
      kind: fc.constant('react'),
      ...shared,
      target,
      emoji: fc.constantFrom('👍', '❤️', '👨‍👩‍👧‍👦'),
      on: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('empty'), ...shared }),
    fc.record({ kind: fc.constant('something new'), ...shared, value: fc.jsonValue({ maxDepth: 3 }) }),
  ) as fc.Arbitrary<unknown>;
  const logged = fc.array(event, { minLength: 1, maxLength: 5 });
  return fc
    .record({ replica: fc.integer({ min: 7, max: 0xffff_ffff }), clock: fc.nat(30), logged })
    .map(({ replica, clock, logged: events }) => {
      // Through JSON: a value with a key __proto__ or a negative zero is none that a device would write.
      const plain = JSON.parse(JSON.stringify(events), (key, value: unknown) =>
        key === '__proto__' ? undefined : value,
      ) as SegmentEvent[];
      return { replica, clock, events: plain, bytes: encodeAppend(replica, clock, plain) };
    });
}
