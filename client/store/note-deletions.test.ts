import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { expect, test, vi } from 'vitest';
import { eventId } from '#schema/ids.ts';
import {
  ana,
  fromAna,
  group,
  hers,
  me,
  message,
  november,
  settled,
  t0,
  thisDevice,
} from '#tests/contracts/device-store/world.ts';
import { createDeviceStore } from './create-device-store.ts';
import type { DeviceStore } from './device-store.ts';
import type { Later } from './upkeep.ts';

function opener(): (later: Later | null) => Promise<DeviceStore> {
  const environment = { indexedDB: new IDBFactory(), IDBKeyRange };
  const options = { kind: 'memory', user: me, device: thisDevice, environment, channel: null, now: () => t0 } as const;
  return (later) => createDeviceStore({ ...options, later });
}

/** Time that passes when it is told to. */
function clock() {
  const waiting = new Set<() => void>();
  const later: Later = (act) => {
    waiting.add(act);
    return () => waiting.delete(act);
  };
  const pass = (): void => {
    for (const act of [...waiting]) {
      waiting.delete(act);
      act();
    }
  };
  return { later, pass, waiting };
}

const deletion = { kind: 'delete', by: ana, at: t0 + 1, target: eventId(november, hers, 0), targetBy: ana } as const;

test('[N3] a deletion that a closed device had not merged yet is merged when it is opened again', async () => {
  const open = opener();
  const first = await open(null);
  const relay = await settled(first);
  fromAna(relay, november, message(ana, t0, 'secret'), { ...deletion, targetAt: t0 });
  await first.applyDelta(relay.delta(0));
  await first.close();
  const { later, pass, waiting } = clock();
  const second = await open(later);
  await vi.waitUntil(async () => {
    pass();
    return (await second.segment(group, november)).rows.length === 0;
  });
  await second.close();
  expect(waiting.size).toBe(0);
});

test('[N3] a deletion that is newer than a fetched segment is merged into it soon', async () => {
  const { later, pass } = clock();
  const store = await opener()(later);
  const relay = await settled(store);
  fromAna(relay, november, message(ana, t0, 'secret'));
  const bundle = relay.bundle(november);
  await store.beginHydration(group, relay.head, relay.segments());
  fromAna(relay, november, { ...deletion, targetAt: t0 });
  await store.applyDelta(relay.delta(1));
  // Due, but nothing can be done while the segment is not there.
  pass();
  await store.compact(group, november);
  await store.putSegment(group, november, bundle);
  await vi.waitUntil(async () => {
    pass();
    return (await store.segment(group, november)).rows.length === 0;
  });
  await store.close();
});
