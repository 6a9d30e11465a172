/** Put into every page before the app: notes when what the rows ask for happens. Times are `performance.now()` in ms. */

export interface WatchedApp {
  /** The form was sent. */
  signIn?: number;
  /** The newest message is in the document of a frame. */
  newest?: number;
  /** Tasks of the main thread above 50 ms (PerformanceObserver, buffered). */
  readonly longTasks: { readonly start: number; readonly ms: number }[];
  /** For each message sent with Enter, ms since the key: it is in the document; the frame that shows it is about to be drawn. */
  readonly presses: { readonly inDocument: number; readonly frame: number }[];
}

declare global {
  interface Window {
    watched: WatchedApp;
    /** The text of the newest message there is. */
    newestText: string;
    /** Resolves with the time (ms since 1970) when the database `name` has so many segments and lacks none. Asked on a page beside the app. */
    wholeHistory(name: string, segments: number): Promise<number>;
  }
}

/** Between two looks into the database. */
const LOOK_EVERY_MS = 50;

const watched: WatchedApp = { longTasks: [], presses: [] };
window.watched = watched;
let press: { readonly at: number; readonly text: string } | null = null;

new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) watched.longTasks.push({ start: startTime, ms: duration });
}).observe({ type: 'longtask', buffered: true });

document.addEventListener('submit', () => (watched.signIn ??= performance.now()), true);
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLTextAreaElement)) return;
    press = { at: event.timeStamp, text: event.target.value.trim() };
  },
  true,
);
new MutationObserver(() => {
  if (watched.newest === undefined && shows(window.newestText))
    requestAnimationFrame(() => (watched.newest ??= performance.now()));
  if (press && shows(press.text)) {
    const { at } = press;
    const inDocument = performance.now() - at;
    press = null;
    requestAnimationFrame(() => watched.presses.push({ inDocument, frame: performance.now() - at }));
  }
}).observe(document, { subtree: true, childList: true, characterData: true });

/** Whether the timeline has a message with this text, looked for from the newest. */
function shows(text: string): boolean {
  const texts = document.querySelectorAll('ol[aria-label=Messages] [data-testid=message-text]');
  for (let i = texts.length - 1; i >= 0; i--) if (texts[i]?.textContent === text) return true;
  return false;
}

window.wholeHistory = async (name, segments) => {
  const rest = () => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  // To open what is not there would make it.
  while (!(await indexedDB.databases()).some((entry) => entry.name === name)) await rest();
  const database = await answered(indexedDB.open(name));
  for (;;) {
    const found: unknown[] = await answered(database.transaction('segments').objectStore('segments').getAll());
    if (found.length >= segments && found.every(isPresent)) break;
    await rest();
  }
  database.close();
  return Date.now();
};

const isPresent = (row: unknown): boolean =>
  typeof row === 'object' && row !== null && 'present' in row && row.present === true;

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB gave no answer'));
  });
}
