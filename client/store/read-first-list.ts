/**
 * The conversations and people of a device straight from its database, without the store: what stands between a person and the first
 * list is then one read, and not Dexie, Yjs and every schema. The store, once it is there, reads all of it anew and has the last word.
 */
import type { Person } from '#schema/wire/people.ts';
import { databaseName, TABLES_VERSION } from './database-name.ts';
import { listedConversation, listedPerson, type ListedConversation } from './listed-conversation.ts';

export interface FirstList {
  readonly conversations: readonly ListedConversation[];
  readonly people: readonly Person[];
}

/** Where the browser's IndexedDB is: not at hand itself, since some browsers throw where it is asked for and refused. */
type DatabaseScope = Pick<WindowOrWorkerGlobalScope, 'indexedDB'>;

/** Dexie counts its versions in tens. */
const VERSION = TABLES_VERSION * 10;

/**
 * Reads the list of a user; rows not as they were written are left out, and nothing is changed. Empty where this device has nothing of
 * the user yet; null where only the store can tell: tables of another version, no storage to be had.
 */
export async function readFirstList(user: string, scope: DatabaseScope): Promise<FirstList | null> {
  try {
    const database = await openExisting(scope.indexedDB, databaseName(user));
    if (!database) return { conversations: [], people: [] };
    try {
      return database.version === VERSION ? await readAll(database) : null;
    } finally {
      // At once: an upgrade and an erasure wait for it.
      database.close();
    }
  } catch {
    return null;
  }
}

/** Opens a database at the version it has; null: there is none, and none is made. */
function openExisting(databases: IDBFactory, name: string): Promise<IDBDatabase | null> {
  return new Promise((resolve, reject) => {
    const request = databases.open(name);
    let missing = false;
    request.onupgradeneeded = () => {
      missing = true;
      request.transaction?.abort();
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => (missing ? resolve(null) : reject(request.error ?? new Error('refused')));
  });
}

function readAll(database: IDBDatabase): Promise<FirstList> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(['conversations', 'people'], 'readonly');
    const conversations = transaction.objectStore('conversations').getAll();
    const people = transaction.objectStore('people').getAll();
    transaction.oncomplete = () =>
      resolve({
        conversations: (conversations.result as unknown[]).map(listedConversation).filter((one) => one !== null),
        people: (people.result as unknown[]).map(listedPerson).filter((one) => one !== null),
      });
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });
}
