import { afterEach, expect, test } from 'vitest';
import type { DeviceStore, OutboxEntry } from '#client/store/device-store.ts';
import { group, me, message, mine, mineToo, november, settled, t0 } from '#tests/contracts/device-store/world.ts';
import { createFakeLocks } from '#tests/support/fake-locks.ts';
import { openMemoryStore } from '#tests/support/memory-store.ts';
import { createReplicaLease, type ReplicaLease } from './replica-lease.ts';
import { createReplicaRepair } from './replica-repair.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A tab with two granted replicas that writes with the first. */
async function tab(): Promise<{ store: DeviceStore; lease: ReplicaLease }> {
  const store = await openMemoryStore();
  const failed = (error: unknown): never => {
    throw error;
  };
  await store.addReplicas([mine, mineToo]);
  const locks = createFakeLocks().of({});
  const lease = createReplicaLease({ store, locks, name: 'test', random: () => 0, wantMore: () => undefined, failed });
  closing.push(
    () => lease.close(),
    () => store.close(),
  );
  await settled(store);
  return { store, lease };
}

test('[P3] a tab whose own replica is found wanting writes on under another, and what waited with it', async () => {
  const { store, lease } = await tab();
  const replica = await lease.forWriting();
  await store.append(group, november, replica, message(me, t0, 'in a place that is taken'));
  const [waiting] = await store.outbox(1);
  if (!waiting) throw new Error('nothing waits');
  await store.markAttempted([waiting.n]);

  const replaced = await new Promise<number>((resolve, reject) => {
    const underWay: OutboxEntry[] = [];
    const repair = createReplicaRepair({
      store,
      underWay: () => underWay,
      caughtUp: () => true,
      successor: (of) => lease.granted(of),
      replace: resolve,
      reconsider: () => undefined,
      failed: reject,
    });
    // Two answers of the relay: the first stops all else of the replica, the second is about the probe.
    repair.suspect(waiting, false);
    repair.step();
    repair.suspect(waiting, false);
    repair.step();
  });

  expect([replica, replaced]).toEqual([mine, mine]);
  expect(await lease.forWriting()).toBe(mineToo);
  expect(await store.outbox(2)).toMatchObject([{ n: waiting.n, replica: mineToo, attempted: false }]);
  expect(await store.replicas()).toEqual([
    { replica: mine, retired: true },
    { replica: mineToo, retired: false },
  ]);
});
