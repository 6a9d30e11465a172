/** What the app needs of localStorage. */
export type SmallStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * localStorage, or, where the browser refuses it (blocked cookies, some private windows), a memory that lasts as long as the page: the app
 * works, and only forgets who was signed in.
 */
export function safeStorage(open: () => Storage): SmallStorage {
  try {
    const storage = open();
    // Some browsers give the object and throw at its use.
    storage.getItem('chatsync.session');
    return storage;
  } catch {
    const values = new Map<string, string>();
    return {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
      removeItem: (key) => void values.delete(key),
    };
  }
}
