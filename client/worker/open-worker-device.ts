/** Opens the device of a tab: its store, and on it everything that runs in the worker. Loaded once the first list was shown. */
import { createDeviceStore, type DeviceStoreOptions } from '#client/store/create-device-store.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { systemTimers } from '#client/sync/timers.ts';
import { createWorkerDevice, type WorkerDevice } from './create-worker-device.ts';
import type { FromWorker, WorkerStart } from './messages.ts';
import type { PipePorts } from './pipe-ports.ts';

export async function openWorkerDevice(
  start: WorkerStart,
  post: (message: FromWorker) => void,
  { socket, http }: PipePorts,
): Promise<WorkerDevice> {
  const store = await openStore(start, post);
  post({ kind: 'topic', topic: 'storage', value: store.kind });
  return createWorkerDevice({
    store,
    start,
    post,
    socket,
    http,
    timers: systemTimers,
    locks: navigator.locks,
    channel: new BroadcastChannel(`chatsync-${start.user}-tabs`),
    random: Math.random,
    newId: () => crypto.randomUUID(),
    failed: (error) => console.error(error),
  });
}

/** The browser's storage; memory where it cannot be had. */
async function openStore(start: WorkerStart, post: (message: FromWorker) => void): Promise<DeviceStore> {
  const options: Omit<DeviceStoreOptions, 'kind' | 'environment'> = {
    user: start.user,
    device: start.device,
    channel: (name) => new BroadcastChannel(name),
    now: Date.now,
    ended: (why) => post({ kind: 'broken', reason: why }),
    later(act, ms) {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    damageFound: ({ table, key, reason }) =>
      console.warn(`a stored row of ${table} was set aside (${JSON.stringify(key)}): ${reason}`),
    failed: (error) => console.error(error),
  };
  try {
    return await createDeviceStore({ ...options, kind: 'indexeddb', environment: { indexedDB, IDBKeyRange } });
  } catch (error) {
    console.error(error);
    const memory = await import('fake-indexeddb');
    return createDeviceStore({
      ...options,
      kind: 'memory',
      // Memory is one tab's: other tabs have their own, and must not be told of it.
      channel: null,
      environment: {
        indexedDB: new memory.IDBFactory(),
        IDBKeyRange: memory.IDBKeyRange,
      },
    });
  }
}
