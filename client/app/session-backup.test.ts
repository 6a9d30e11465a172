import { IDBFactory } from 'fake-indexeddb';
import { expect, test, vi } from 'vitest';
import { restoreSession, withSessionBackup } from './session-backup.ts';
import type { SmallStorage } from './safe-storage.ts';

function memoryStorage(): SmallStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

const KEY = 'chatsync.session';

test('a record that localStorage lost comes back from its copy', async () => {
  const factory = new IDBFactory();
  withSessionBackup(memoryStorage(), () => factory).setItem(KEY, 'ana');
  const storage = memoryStorage();
  await vi.waitFor(async () => {
    await restoreSession(storage, () => factory);
    expect(storage.getItem(KEY)).toBe('ana');
  });
});

test('what localStorage knows is newer than the copy', async () => {
  const factory = new IDBFactory();
  withSessionBackup(memoryStorage(), () => factory).setItem(KEY, 'ana');
  const storage = memoryStorage();
  storage.setItem(KEY, 'nobody');
  await restoreSession(storage, () => factory);
  expect(storage.getItem(KEY)).toBe('nobody');
});

test('without IndexedDB nobody is signed in, and nothing breaks', async () => {
  const refused = (): IDBFactory => {
    throw new DOMException('refused', 'SecurityError');
  };
  const storage = memoryStorage();
  withSessionBackup(storage, refused).setItem(KEY, 'ana');
  expect(storage.getItem(KEY)).toBe('ana');
  await restoreSession(memoryStorage(), refused);
});
