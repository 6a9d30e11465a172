import { expect, test } from 'vitest';
import { createHybridClock } from '#schema/hybrid-clock.ts';
import { LIMITS } from '#schema/limits.ts';
import type { OutboxEntry } from '#client/store/device-store.ts';
import { group, me, message, mine, november, settled, t0, timeline } from '#tests/contracts/device-store/world.ts';
import { openMemoryStore } from '#tests/support/memory-store.ts';
import { createClockRepair } from './clock-repair.ts';

const hour = 3_600_000;

test('[D9] a repair that waited for answers when the connection was lost goes on with the next one, the clock being right by then', async () => {
  const store = await openMemoryStore();
  await settled(store);
  for (const text of ['refused', 'without an answer'])
    await store.append(group, november, mine, message(me, t0 + hour, text));
  const [refused, other] = await store.outbox(2);
  if (!refused || !other) throw new Error('nothing waits');
  let skew = hour;
  let underWay: readonly OutboxEntry[] = [refused, other];
  await new Promise<void>((resolve, reject) => {
    const repair = createClockRepair({
      store,
      clock: createHybridClock(() => t0 + skew, LIMITS.clockAheadMs),
      underWay: () => underWay.length > 0,
      corrected: () => undefined,
      reconsider: resolve,
      failed: reject,
    });
    repair.ahead(refused.bytes, t0);
    expect(repair.holds()).toBe(true);
    underWay = [];
    skew = 0;
    repair.greeted(t0 + 1_000);
  });
  expect((await timeline(store)).map(({ at }) => at)).toEqual([t0, t0]);
  await store.close();
});
