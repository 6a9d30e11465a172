import { IDBObjectStore } from 'fake-indexeddb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { Play, step } from '#tests/contracts/device-store/play.ts';
import { group, me, timeline } from '#tests/contracts/device-store/world.ts';
import type { DeviceStore } from './device-store.ts';

async function expectSettled({ store, relay }: Play): Promise<void> {
  expect(await store.outbox(10)).toEqual([]);
  expect(await timeline(store)).toEqual(relay.timeline());
  const stored = await store.conversation(group);
  expect(stored?.cursor).toBe(relay.head);
  const last = relay.timeline().at(-1);
  expect(stored?.lastMessage && { id: stored.lastMessage.id, text: stored.lastMessage.text }).toEqual(
    last ? { id: last.id, text: last.text } : null,
  );
  expect(stored?.unread).toBe(relay.timeline().filter(({ by, deleted }) => by !== me && !deleted).length);
}

describe('convergence', () => {
  test('[R10] deltas, acks, hydration, repairs, merging and restarts in any order end in the one timeline', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const play = new Play();
        await play.begin();
        for (const one of steps) await play.take(one);
        await play.settle();
        await expectSettled(play);
        await play.store.close();
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  test('[R2] [C1] whatever act is cut off by a crash, at whatever step, all is as before it or as after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.nat(24),
        fc.nat(12),
        async (steps, crashAt, write) => {
          const play = new Play();
          await play.begin();
          for (const [i, one] of steps.entries()) {
            if (i !== crashAt % steps.length) await play.take(one);
            else await crash(() => play.take(one), write);
            if (i === crashAt % steps.length) await play.reopen();
            await expectSound(play.store);
          }
          await play.settle();
          await expectSettled(play);
          await play.store.close();
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);
});

/** Runs an act whose `n`-th write to the database fails, and with it the transaction, as when the tab dies there. */
async function crash(act: () => Promise<void>, n: number): Promise<void> {
  const originals = {
    add: IDBObjectStore.prototype.add,
    put: IDBObjectStore.prototype.put,
    delete: IDBObjectStore.prototype.delete,
  };
  let left = n;
  for (const name of ['add', 'put', 'delete'] as const) {
    const original = originals[name] as (...given: unknown[]) => IDBRequest;
    IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...given: unknown[]) {
      if (left-- === 0) {
        this.transaction.abort();
        throw new Error('the tab died');
      }
      return original.apply(this, given);
    } as never;
  }
  try {
    await act();
  } catch {
    // Nobody is left to hear of it.
  } finally {
    Object.assign(IDBObjectStore.prototype, originals);
  }
}

/** What is true between any two acts: every outbox row has its update, the chains have no holes, the cursor counts what is here. */
async function expectSound(store: DeviceStore): Promise<void> {
  const entries = await store.outbox(10_000);
  const chains = new Map<string, number[]>();
  for (const { segment, replica, clock, bytes } of entries) {
    const [element] = decodeUpdate(bytes).elements;
    expect([element?.replica, element?.clock]).toEqual([replica, clock]);
    const key = `${segment} ${replica}`;
    chains.set(key, [...(chains.get(key) ?? []), clock]);
  }
  for (const [key, clocks] of chains) {
    const sorted = clocks.sort((one, other) => one - other);
    expect({ key, clocks: sorted }).toEqual({ key, clocks: sorted.map((_, i) => (sorted[0] ?? 0) + i) });
  }
  expect((await store.outboxSize()).updates).toBeLessThanOrEqual(entries.length);
  expect(await store.damaged()).toEqual([]);
}
