/** Composition: what the app stands on is made here, once, and handed down. */
import '#client/ui/base.css';
import { createSubject } from '#client/services/create-subject.ts';
import type { AppUpdate } from '#client/services/app-update.ts';
import { createDevice } from './create-device.ts';
import { createEndSession } from './end-session.ts';
import { createLateAppUpdate } from './late-app-update.ts';
import { createSession } from './create-session.ts';
import { deviceName } from './device-name.ts';
import { openOnce } from './open-device.ts';
import { safeStorage } from './safe-storage.ts';
import { openSessionVault } from './session-vault.ts';
import { startApp } from './start-app.tsx';

const fetch = window.fetch.bind(window);
const storage = safeStorage(() => window.localStorage);
const failure = createSubject<Error | null>(null);
const endSession = createEndSession({ fetch, storage, networkEvents: window });

const vault = openSessionVault(storage, window.indexedDB);
const session = createSession({
  vault,
  // Only where localStorage knows nothing the disk is asked before anything is drawn: a form must not flash at a person who is signed in.
  start: vault.atHand ?? (await vault.read()),
  storageEvents: window,
  deviceName: deviceName(navigator.userAgent),
  newId: () => crypto.randomUUID(),
  entered: () => endSession.forget(),
  api: async () => {
    const [{ signIn }, { signUp }] = await Promise.all([
      import('#client/api/sign-in.ts'),
      import('#client/api/sign-up.ts'),
    ]);
    return { signIn: (request) => signIn(fetch, request), signUp: (request) => signUp(fetch, request) };
  },
});

const openDevice = openOnce((signedIn) => {
  const worker = new Worker(new URL('../worker/device-worker.ts', import.meta.url), { type: 'module', name: 'device' });
  worker.addEventListener('error', (event) =>
    failure.set(new Error(event.message || 'The worker could not be started')),
  );
  const { device } = createDevice(signedIn, {
    worker,
    WebSocket,
    fetch,
    socketUrl: `${location.origin.replace(/^http/, 'ws')}/socket`,
    online: () => navigator.onLine,
    networkEvents: window,
    persist: navigator.storage?.persist?.bind(navigator.storage),
    broken: (reason) => failure.set(new Error(reason)),
    endSession: () => endSession.end(),
  });
  return device;
});

// The device reads while the first screen is drawn.
const signedIn = session.current.get();
if (signedIn) openDevice(signedIn);

const root = document.getElementById('root');
if (root)
  startApp(root, {
    session,
    openDevice,
    failure,
    update: createLateAppUpdate(loadUpdate()),
    leave: (path) => location.assign(path),
  });

/** Puts the app on the device, after the page has loaded; null in development and where the browser cannot. */
async function loadUpdate(): Promise<AppUpdate | null> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return null;
  await new Promise<void>((loaded) => {
    if (document.readyState === 'complete') loaded();
    else window.addEventListener('load', () => loaded(), { once: true });
  });
  const [{ Workbox }, { createAppUpdate }] = await Promise.all([
    import('workbox-window'),
    import('./create-app-update.ts'),
  ]);
  return createAppUpdate({
    workbox: new Workbox('/service-worker.js'),
    reload: () => location.reload(),
    now: Date.now,
  });
}
