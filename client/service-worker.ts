import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

// The app at rest on the device: everything the build made is kept here, so that a cold start needs no network. Data is not: that is
// IndexedDB's. Requests to the server's own paths are left alone.

declare const self: ServiceWorkerGlobalScope & {
  /** Put in by the build: every file of the app with its revision. */
  readonly __WB_MANIFEST: (string | PrecacheEntry)[];
};

/** Paths that belong to the server, also when a person opens one in a tab. */
const serverPaths = [/^\/(?:api|socket|y|health|metrics)(?:\/|$)/];

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: serverPaths }));

// A new version waits until the person says yes ("Update ready"): a reload in the middle of a sentence is rude.
self.addEventListener('message', (event) => {
  const data: unknown = event.data;
  if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING')
    void self.skipWaiting();
});

// The very first page came from the network: claimed, its later parts are there offline too.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
