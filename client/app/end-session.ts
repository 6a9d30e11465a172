/**
 * Ends the session at the server when its person signs out: at once, or, without a network, as soon as the server can be told. Until
 * then a mark in localStorage remembers it; the cookie cannot be deleted from here.
 */
const KEY = 'chatsync.sign-out-due';
/** The longest wait for the server's answer, in ms: the person wants to leave. */
const DEADLINE_MS = 5_000;
/** How often it is tried again while the page is open, in ms. */
const AGAIN_MS = 30_000;

export interface EndSessionDeps {
  readonly fetch: typeof fetch;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Where the browser tells that it is online again: the window. */
  readonly networkEvents: Pick<EventTarget, 'addEventListener'>;
}

export interface EndSession {
  /** Tells the server, or remembers to. Never rejects. */
  end(): Promise<void>;
  /** Somebody signed in: the old session went with its cookie, and the new one must not be ended. */
  forget(): void;
}

/** Begins to tell the server of a sign-out that it was not told of yet. */
export function createEndSession({ fetch, storage, networkEvents }: EndSessionDeps): EndSession {
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function tell(): Promise<void> {
    clearTimeout(timer);
    if (storage.getItem(KEY) === null) return;
    try {
      const response = await fetch('/api/sign-out', {
        method: 'POST',
        credentials: 'same-origin',
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      // 401: there is no session any more, which is what is wanted.
      if (response.ok || response.status === 401) storage.removeItem(KEY);
    } catch {
      // No network; the mark stays.
    }
    clearTimeout(timer);
    if (storage.getItem(KEY) !== null) timer = setTimeout(() => void tell(), AGAIN_MS);
  }

  networkEvents.addEventListener('online', () => void tell());
  void tell();
  return {
    end() {
      storage.setItem(KEY, '1');
      return tell();
    },
    forget: () => storage.removeItem(KEY),
  };
}
