/**
 * A second copy of the session's record in IndexedDB, strictly durable. A browser writes localStorage to the disk some seconds later: one
 * that is killed right after the sign-in would come back as nobody's, with the person's messages still in it.
 */
import { SESSION_KEY } from './session-record.ts';
import type { SmallStorage } from './safe-storage.ts';

const DATABASE = 'chatsync-session';
const STORE = 'values';

/** Puts the copy in its place where localStorage has lost the record. Never rejects: without it nobody is signed in, as before. */
export async function restoreSession(storage: SmallStorage, factory: () => IDBFactory): Promise<void> {
  if (storage.getItem(SESSION_KEY) !== null) return;
  try {
    const value = await within(factory(), 'readonly', (store) => store.get(SESSION_KEY) as IDBRequest<unknown>);
    if (typeof value === 'string') storage.setItem(SESSION_KEY, value);
  } catch {
    // No IndexedDB, no copy.
  }
}

/** The storage, with a copy made of the session's record whenever it is written. */
export function withSessionBackup(storage: SmallStorage, factory: () => IDBFactory): SmallStorage {
  return {
    getItem: (key) => storage.getItem(key),
    removeItem: (key) => storage.removeItem(key),
    setItem(key, value) {
      storage.setItem(key, value);
      if (key !== SESSION_KEY) return;
      try {
        within(factory(), 'readwrite', (store) => store.put(value, SESSION_KEY)).catch(() => undefined);
      } catch {
        // No IndexedDB, no copy.
      }
    },
  };
}

function within<T>(
  factory: IDBFactory,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(DATABASE, 1);
    const fail = (): void => reject(opening.error ?? new Error('IndexedDB failed'));
    opening.addEventListener('error', fail);
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
    opening.addEventListener('success', () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const request = act(transaction.objectStore(STORE));
      const end = (settle: () => void) => (): void => {
        database.close();
        settle();
      };
      transaction.addEventListener(
        'complete',
        end(() => resolve(request.result)),
      );
      transaction.addEventListener('abort', end(fail));
    });
  });
}
