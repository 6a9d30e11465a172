import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queuedPush } from '#tests/support/pushes.ts';
import { formBatch } from './form-batch.ts';
import type { QueuedPush } from './waiting-push.ts';

const clocks = (pushes: readonly QueuedPush[]) => pushes.map((push) => push.admitted.clock);
const need = (replica: number, clock: number) => ({ needs: [{ replica, clock, author: null }] });

describe('a batch', () => {
  it('[W2] makes one chain of the pushes of a replica that follow each other', () => {
    const { chains, rest } = formBatch([
      queuedPush({ replica: 1, clock: 3 }),
      queuedPush({ replica: 2, clock: 0 }),
      queuedPush({ replica: 1, clock: 4 }),
    ]);
    expect(chains.map(({ chain }) => [chain.replica, chain.clock, chain.count, chain.rows.length])).toEqual([
      [1, 3, 2, 2],
      [2, 0, 1, 1],
    ]);
    expect(rest).toEqual([]);
  });

  it('[W2] has at most one chain of a replica in a segment: what does not follow waits, and all that comes after it', () => {
    const { chains, rest } = formBatch([
      queuedPush({ replica: 1, clock: 3 }),
      queuedPush({ replica: 1, clock: 9 }),
      queuedPush({ replica: 1, clock: 4 }),
    ]);
    expect(chains.map(({ pushes }) => clocks(pushes))).toEqual([[3]]);
    expect(clocks(rest)).toEqual([9, 4]);
  });

  it('has a chain for each segment and conversation of a replica', () => {
    const { chains } = formBatch([
      queuedPush({ replica: 1, clock: 0 }),
      queuedPush({ replica: 1, clock: 0, segment: '2026-10' }),
      queuedPush({ replica: 1, clock: 0, conversation: 'd' }),
    ]);
    expect(chains).toHaveLength(3);
  });

  it('leaves a push for the next one that needs what this one stores, or what waits', () => {
    const first = formBatch([
      queuedPush({ replica: 1, clock: 0 }),
      queuedPush({ replica: 2, clock: 0 }, need(1, 0)),
      queuedPush({ replica: 3, clock: 0 }, need(2, 0)),
      queuedPush({ replica: 4, clock: 0 }, need(9, 0)),
      queuedPush({ replica: 5, clock: 0, segment: '2026-10' }, need(1, 0)),
    ]);
    expect(first.chains.map(({ chain }) => chain.replica)).toEqual([1, 4, 5]);
    expect(formBatch(first.rest).chains.map(({ chain }) => chain.replica)).toEqual([2]);
    expect(formBatch(formBatch(first.rest).rest).chains.map(({ chain }) => chain.replica)).toEqual([3]);
  });

  it('does not mix users in a chain, nor anything with a push that is to be alone', () => {
    const alone = queuedPush({ replica: 2, clock: 1 });
    alone.alone = true;
    const { chains, rest } = formBatch([
      queuedPush({ replica: 1, clock: 0 }),
      queuedPush({ replica: 1, clock: 1, user: 'ben' }),
      queuedPush({ replica: 2, clock: 0 }),
      alone,
    ]);
    expect(chains.map(({ pushes }) => pushes.length)).toEqual([1, 1]);
    expect(rest).toHaveLength(2);
  });

  it('puts a deletion after its event, and sums up what the chain needs', () => {
    const deletion = Uint8Array.of(0, 1);
    const { chains } = formBatch([
      queuedPush({ replica: 1, clock: 0 }, { deletion, asAdmin: true, ...need(7, 1) }),
      queuedPush({ replica: 1, clock: 1 }, need(8, 2)),
    ]);
    expect(chains[0]?.chain).toMatchObject({
      asAdmin: true,
      needs: [{ replica: 7 }, { replica: 8 }],
      rows: [{ clock: 0, count: 1 }, { clock: null, count: 0, bytes: deletion }, { clock: 1 }],
    });
  });

  it('is bounded in rows and bytes; the rest keeps its order', () => {
    const waiting = Array.from({ length: 10 }, (_, clock) => queuedPush({ replica: 1, clock }));
    expect(clocks(formBatch(waiting, { rows: 4, bytes: 1e6 }).rest)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(clocks(formBatch(waiting, { rows: 100, bytes: 250 }).rest)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('of any pushes: batch after batch takes them all, each replica’s in their order, no chain twice', () => {
    const place = fc.record({
      replica: fc.integer({ min: 1, max: 4 }),
      clock: fc.nat(5),
      need: fc.option(fc.integer({ min: 1, max: 4 })),
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 60 }), (places) => {
        const all = places.map(({ need: other, ...at }) =>
          queuedPush(at, other === null || other === at.replica ? {} : need(other, 0)),
        );
        const taken: QueuedPush[] = [];
        let waiting = all;
        while (waiting.length > 0) {
          const { chains, rest } = formBatch(waiting, { rows: 10, bytes: 1e6 });
          expect(chains.length).toBeGreaterThan(0);
          expect(new Set(chains.map(({ chain }) => chain.replica)).size).toBe(chains.length);
          taken.push(...chains.flatMap(({ pushes }) => pushes));
          waiting = rest;
        }
        for (let replica = 1; replica <= 4; replica++) {
          const own = (pushes: readonly QueuedPush[]) => pushes.filter((push) => push.admitted.replica === replica);
          expect(own(taken)).toEqual(own(all));
        }
      }),
    );
  });
});
