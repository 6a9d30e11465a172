/** All documents in one database: the form of the table `rows` of the device's store, updates by [document, n]. */
import { Dexie, type Table } from 'dexie';
import * as Y from 'yjs';
import type { DocumentLayout } from './layout.ts';

const NAME = 'documents';

export function oneDatabase(): DocumentLayout {
  let database: Dexie | null = null;
  let next = 1;
  async function rows(): Promise<Table<Uint8Array, [number, number]>> {
    if (!database) {
      database = new Dexie(NAME, { cache: 'disabled' });
      database.version(1).stores({ rows: '' });
      await database.open();
    }
    return database.table('rows');
  }
  async function applyAndPut(
    table: Table<Uint8Array, [number, number]>,
    docs: readonly Y.Doc[],
    updates: readonly Uint8Array[],
  ): Promise<void> {
    const n = next++;
    await Promise.all(
      docs.map((doc, document) => {
        const update = updates[document];
        if (!update) throw new Error(`there is no update for document ${document}`);
        Y.applyUpdate(doc, update);
        return table.put(update, [document, n]);
      }),
    );
  }
  return {
    async create(firsts) {
      const table = await rows();
      // A device hears of many conversations at once, and stores what it heard at once.
      await table.db.transaction('rw', table, () =>
        Promise.all(firsts.map((first, document) => table.put(first, [document, 0]))),
      );
    },
    async open(count) {
      const table = await rows();
      const docs = Array.from({ length: count }, () => new Y.Doc());
      await table.db.transaction('r', table, () =>
        Promise.all(
          docs.map(async (doc, document) => {
            const updates = await table.where(':id').between([document, 0], [document, Dexie.maxKey]).toArray();
            Y.transact(doc, () => updates.forEach((update) => Y.applyUpdate(doc, update)));
          }),
        ),
      );
      return docs;
    },
    async writeTogether(docs, updates) {
      const table = await rows();
      await table.db.transaction('rw', table, () => applyAndPut(table, docs, updates));
    },
    async writeEach(docs, updates) {
      await applyAndPut(await rows(), docs, updates);
    },
    close() {
      database?.close();
      database = null;
      return Promise.resolve();
    },
    erase: () => Dexie.delete(NAME),
  };
}
