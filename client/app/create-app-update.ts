import type { Workbox } from 'workbox-window';
import type { AppUpdate } from '#client/services/app-update.ts';
import { createSubject } from '#client/services/create-subject.ts';

/** How often the server is asked for a newer version while the app stays open, in ms. Coming back to the app asks too. */
const CHECK_EVERY_MS = 30 * 60_000;

/** Least time between two questions, in ms. */
const CHECK_AT_MOST_EVERY_MS = 60_000;

export interface AppUpdateDeps {
  /** The service worker's script, already made into an object but not registered. */
  readonly workbox: Pick<Workbox, 'register' | 'update' | 'addEventListener' | 'messageSkipWaiting'>;
  readonly reload: () => void;
  readonly now: () => number;
}

/**
 * Registers the service worker, which puts the app on the device, and watches for its successor.
 *
 * A successor waits until the person says yes. When they said it in another tab, this one finds itself with a new worker under
 * an old page: it is loaded anew as well, at once when nobody looks, else when the person here agrees.
 */
export function createAppUpdate({ workbox, reload, now }: AppUpdateDeps): AppUpdate {
  const ready = createSubject(false);
  /** The successor has taken over already: all that is left is to load the page. */
  let tookOver = false;
  let agreed = false;
  /** A worker has taken this page over since it was loaded: the next one is of another version. */
  let controlled = false;
  let asked = now();

  workbox.addEventListener('waiting', () => ready.set(true));
  workbox.addEventListener('controlling', (event) => {
    // The very first worker takes over a page of the same version, also when another page brought it.
    const first = !event.isUpdate && !controlled;
    controlled = true;
    if (first) return;
    tookOver = true;
    if (agreed || document.visibilityState === 'hidden') reload();
    else ready.set(true);
  });

  const check = () => {
    asked = now();
    // No network is no news.
    workbox.update().catch(() => undefined);
  };
  // Private windows of some browsers refuse service workers: the app works without one, only not offline from the start.
  workbox.register().catch(() => undefined);
  setInterval(check, CHECK_EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && now() - asked > CHECK_AT_MOST_EVERY_MS) check();
  });

  return {
    ready,
    check,
    apply() {
      agreed = true;
      if (tookOver) reload();
      else workbox.messageSkipWaiting();
    },
  };
}
