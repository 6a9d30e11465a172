/**
 * The disk of a browser profile: IndexedDB in memory, seen through one connection per tab, so that a tab can be killed between any two
 * of its transactions, or in the middle of one (which then never was). It can be copied, as a backup does.
 */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';

export interface TabDisk {
  readonly environment: { readonly indexedDB: IDBFactory; readonly IDBKeyRange: typeof globalThis.IDBKeyRange };
  /** The tab dies now: open transactions are undone, none begins any more. */
  kill(): void;
}

export interface Disk {
  connect(): TabDisk;
  /** Another disk with the same content, as of the last committed transactions. */
  copy(): Promise<Disk>;
}

export function createDisk(factory = new IDBFactory()): Disk {
  return {
    connect: () => connect(factory),
    copy: async () => createDisk(await copyOf(factory)),
  };
}

function connect(factory: IDBFactory): TabDisk {
  const databases: IDBDatabase[] = [];
  const open = new Set<IDBTransaction>();
  let dead = false;

  function adopt(database: IDBDatabase): void {
    const begin = database.transaction.bind(database);
    database.transaction = (...given) => {
      if (dead) throw new DOMException('the tab is dead', 'InvalidStateError');
      const transaction = begin(...given);
      open.add(transaction);
      for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => open.delete(transaction));
      return transaction;
    };
    databases.push(database);
  }

  const seen = new Proxy(factory, {
    get(target, name) {
      if (name !== 'open') return bound(target, name);
      return (...given: Parameters<IDBFactory['open']>) => {
        const request = target.open(...given);
        request.addEventListener('success', () => {
          adopt(request.result);
          if (dead) request.result.close();
        });
        return request;
      };
    },
  });
  return {
    environment: { indexedDB: seen, IDBKeyRange: IDBKeyRange },
    kill() {
      dead = true;
      for (const transaction of [...open]) {
        try {
          transaction.abort();
        } catch {
          // It was over already.
        }
      }
      for (const database of databases) database.close();
    },
  };
}

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target) : value;
}

async function copyOf(factory: IDBFactory): Promise<IDBFactory> {
  const copy = new IDBFactory();
  for (const { name, version } of await factory.databases()) {
    if (name === undefined) continue;
    const from = await opened(factory.open(name));
    const request = copy.open(name, version);
    request.addEventListener('upgradeneeded', () => {
      for (const storeName of from.objectStoreNames) {
        const original = from.transaction(storeName).objectStore(storeName);
        const store = request.result.createObjectStore(storeName, {
          keyPath: original.keyPath,
          autoIncrement: original.autoIncrement,
        });
        for (const indexName of original.indexNames) {
          const { keyPath, unique, multiEntry } = original.index(indexName);
          store.createIndex(indexName, keyPath, { unique, multiEntry });
        }
      }
    });
    const to = await opened(request);
    for (const storeName of from.objectStoreNames) await copyStore(from, to, storeName);
    from.close();
    to.close();
  }
  return copy;
}

async function copyStore(from: IDBDatabase, to: IDBDatabase, name: string): Promise<void> {
  const source = from.transaction(name).objectStore(name);
  const [keys, values] = await Promise.all([settled(source.getAllKeys()), settled(source.getAll())]);
  const target = to.transaction(name, 'readwrite').objectStore(name);
  keys.forEach((key, i) => (target.keyPath === null ? target.put(values[i], key) : target.put(values[i])));
  await new Promise((resolve, reject) => {
    target.transaction.addEventListener('complete', resolve);
    target.transaction.addEventListener('abort', reject);
  });
}

function opened(request: { result: unknown; onsuccess: unknown; onerror: unknown }): Promise<IDBDatabase> {
  return settled(request as unknown as IDBRequest<IDBDatabase>);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed')));
  });
}
