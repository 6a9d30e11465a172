import { percentile } from '../../statistics.ts';
import type { Figures } from './questions.ts';

/** Bytes of the update of a message of 50 characters. */
const UPDATE_BYTES = 138;

/** The least a durable write can cost here and now: one strict put into one table, nothing around it. ms. */
export async function measureBarePut(count: number): Promise<Figures> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('bare-put', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('the database could not be opened'));
  });
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = performance.now();
    const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
    transaction.objectStore('rows').put(new Uint8Array(UPDATE_BYTES));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the put was aborted'));
    });
    times.push(performance.now() - before);
  }
  database.close();
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}
