/** The kit of a case on some IndexedDB. */
import { createDeviceStore } from '#client/store/create-device-store.ts';
import { databaseName } from '#client/store/database-name.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import type { DatabaseEnvironment } from '#client/store/open-database.ts';
import type { StoreKit } from './store-case.ts';
import { me, t0, thisDevice } from './world.ts';

type OpenDatabase = IDBDatabase['transaction'];

/** @param databasePrototype what the databases of the environment inherit from, to see their transactions. */
export function createKit(
  environment: DatabaseEnvironment,
  databasePrototype: { transaction: OpenDatabase },
): { kit: StoreKit; close(): Promise<void> } {
  const stores: DeviceStore[] = [];
  const ended: string[] = [];
  const damaged: string[] = [];
  let durabilities: string[] = [];
  const original = databasePrototype.transaction;
  databasePrototype.transaction = function (this: IDBDatabase, ...given: Parameters<OpenDatabase>) {
    if (given[1] === 'readwrite') durabilities.push(given[2]?.durability ?? 'default');
    return original.apply(this, given);
  };
  const kit: StoreKit = {
    async open() {
      const store = await createDeviceStore({
        kind: 'indexeddb',
        user: me,
        device: thisDevice,
        environment,
        channel: (name) => new BroadcastChannel(name),
        now: () => t0,
        later: null,
        ended: (why) => ended.push(why),
        damageFound: ({ table }) => damaged.push(table),
      });
      stores.push(store);
      return store;
    },
    written: () => durabilities,
    forgetWritten() {
      durabilities = [];
    },
    raw: (mode, table, act) => inDatabase(environment.indexedDB, mode, table, act),
    ended,
    damaged,
  };
  return {
    kit,
    async close() {
      databasePrototype.transaction = original;
      await Promise.all(stores.map((store) => store.close()));
      await new Promise<void>((resolve, reject) => {
        const request = environment.indexedDB.deleteDatabase(databaseName(me));
        request.onsuccess = () => resolve();
        request.onerror = () => reject(new Error('the case’s database could not be deleted'));
      });
    },
  };
}

function inDatabase<T>(
  factory: IDBFactory,
  mode: IDBTransactionMode,
  table: string,
  act: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(databaseName(me));
    opening.onerror = () => reject(opening.error ?? new Error('open failed'));
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(table, mode);
      const request = act(transaction.objectStore(table));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    };
  });
}
