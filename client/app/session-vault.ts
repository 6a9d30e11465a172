/**
 * Keeps the record of the session where a killed browser still finds it. localStorage is at hand before the first paint, but browsers write
 * it to disk some seconds later; IndexedDB with strict durability is on disk when it says so, but only answers later. So there are both,
 * and the newer one is right. This is the one small thing of IndexedDB outside of the worker: who is signed in decides whether there is a worker.
 */
import { parseSessionRecord, readSessionRecord, writeSessionRecord, type SessionRecord } from './session-record.ts';
import type { SmallStorage } from './safe-storage.ts';

const DATABASE = 'chatsync-signed-in';
const STORE = 'session';
const KEY = 'record';

export interface SessionVault {
  /** What localStorage holds: at once, and nearly always right. Null: it holds nothing. */
  readonly atHand: SessionRecord | null;
  /** The newer of both. */
  read(): Promise<SessionRecord | null>;
  /** Resolves once it is on disk, or at least in localStorage where IndexedDB is refused. */
  write(record: SessionRecord): Promise<void>;
}

/** Opens the vault of this browser profile. `databases`: where IndexedDB is; undefined where there is none. */
export function openSessionVault(storage: SmallStorage, databases: IDBFactory | undefined): SessionVault {
  return {
    get atHand() {
      return readSessionRecord(storage);
    },
    async read() {
      const near = readSessionRecord(storage);
      const kept = await inStore(databases, 'readonly', (store) => store.get(KEY)).catch(() => undefined);
      const far = parseSessionRecord(kept);
      if (!near || !far) return near ?? far;
      return far.revision > near.revision ? far : near;
    },
    async write(record) {
      // Disk first: whoever hears of it through localStorage may rely on it.
      await inStore(databases, 'readwrite', (store) => store.put(record, KEY)).catch(() => undefined);
      writeSessionRecord(storage, record);
    },
  };
}

/** Longest wait for the disk, in ms: some browsers never answer where they should refuse, and the app must begin. */
const DEADLINE_MS = 3_000;

/** One request in a transaction of its own. Resolves when the transaction is complete: on disk, when it wrote. */
async function inStore<Result>(
  databases: IDBFactory | undefined,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  if (!databases) throw new Error('there is no IndexedDB');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('IndexedDB does not answer')), DEADLINE_MS);
  });
  try {
    return await Promise.race([transact(databases, mode, ask), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function transact<Result>(
  databases: IDBFactory,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await open(databases);
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    });
  } finally {
    database.close();
  }
}

function open(databases: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = databases.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('refused'));
    request.onblocked = () => reject(new Error('blocked'));
  });
}
