/** The device of a person in this browser: a worker of its own, the window's network. */
import { createDevice, type DeviceHandle } from './create-device.ts';
import type { SignedIn } from '#client/services/session.ts';

/** @param endSession ends the session at the server, now or as soon as it can be told (end-session.ts). */
export function openBrowserDevice(signedIn: SignedIn, endSession: () => Promise<void>): DeviceHandle {
  const { location, navigator } = window;
  const storage = navigator.storage as StorageManager | undefined;
  return createDevice(signedIn, {
    worker: new Worker(new URL('../worker/device-worker.ts', import.meta.url), { type: 'module', name: 'device' }),
    WebSocket,
    fetch: (...given) => fetch(...given),
    socketUrl: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`,
    online: () => navigator.onLine,
    networkEvents: window,
    persist: storage?.persist ? () => storage.persist() : undefined,
    endSession,
  });
}
