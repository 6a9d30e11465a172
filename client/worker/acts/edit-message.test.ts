import { expect, test } from 'vitest';
import { createHybridClock } from '#schema/hybrid-clock.ts';
import { group, me, message, mine, november, settled, t0, texts } from '#tests/contracts/device-store/world.ts';
import { openMemoryStore } from '#tests/support/memory-store.ts';
import { deleteMessage } from './delete-message.ts';
import { editMessage } from './edit-message.ts';

test('[P5] a message that another tab deletes before it was ever sent is not brought back by an edit begun before', async () => {
  const store = await openMemoryStore();
  await settled(store);
  const lease = {
    forWriting: async () => mine,
    granted: async () => mine,
    retry: () => undefined,
    close: () => undefined,
  };
  const context = { store, lease, clock: createHybridClock(() => t0, 0), user: me, newId: () => '' };
  const id = await store.append(group, november, mine, message(me, t0, 'secret'));
  // The edit has found the message; the deletion comes between that and the writing.
  const late = {
    ...store,
    replaceUnsent: async (...given: Parameters<typeof store.replaceUnsent>) => {
      await deleteMessage(context, group, id);
      return store.replaceUnsent(...given);
    },
  };
  await expect(editMessage({ ...context, store: late }, group, id, 'secret, changed')).rejects.toMatchObject({
    code: 'unknown-target',
  });
  expect(await texts(store)).toEqual([]);
  expect(await store.outboxSize()).toMatchObject({ updates: 0 });
  await store.close();
});
