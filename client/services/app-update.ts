import type { Observable } from './observable.ts';

/** The way to a newer version of the app. */
export interface AppUpdate {
  /** A newer version is on the device and waits to take over. */
  readonly ready: Observable<boolean>;
  /** Asks the server whether there is a newer version. Never fails: no network means no. */
  check(): void;
  /** Lets the newer version take over and loads the page anew. What waits to be sent is in IndexedDB and stays. */
  apply(): void;
}
