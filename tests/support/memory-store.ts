/** A device's store on a database in memory, for tests of what stands on the store. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { createDeviceStore } from '#client/store/create-device-store.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import type { DatabaseEnvironment } from '#client/store/open-database.ts';
import { me, t0, thisDevice } from '#tests/contracts/device-store/world.ts';

/** An empty disk. */
export function memoryDisk(): DatabaseEnvironment {
  return { indexedDB: new IDBFactory(), IDBKeyRange };
}

/** Opens a store on it: of one tab, which does not hear of others. */
export function openMemoryStore(disk: DatabaseEnvironment = memoryDisk()): Promise<DeviceStore> {
  return createDeviceStore({
    kind: 'memory',
    user: me,
    device: thisDevice,
    environment: disk,
    channel: null,
    now: () => t0,
  });
}
