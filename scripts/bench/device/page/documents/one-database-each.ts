/** A database for each document: y-indexeddb, as its own documentation has it used. */
import { clearDocument, IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import type { DocumentLayout } from './layout.ts';
import { watchWrites } from './watch-writes.ts';

const nameOf = (document: number): string => `document-${document}`;

export function oneDatabaseEach(): DocumentLayout {
  const stored = watchWrites();
  let open: IndexeddbPersistence[] = [];
  let made = 0;
  async function load(count: number): Promise<Y.Doc[]> {
    const docs = Array.from({ length: count }, () => new Y.Doc());
    open = docs.map((doc, document) => new IndexeddbPersistence(nameOf(document), doc));
    made = Math.max(made, count);
    await Promise.all(open.map(({ whenSynced }) => whenSynced));
    return docs;
  }
  async function write(docs: readonly Y.Doc[], updates: readonly Uint8Array[]): Promise<void> {
    docs.forEach((doc, document) => {
      const update = updates[document];
      if (!update) throw new Error(`there is no update for document ${document}`);
      Y.applyUpdate(doc, update);
    });
    // It says nothing of when an update is stored.
    await stored();
  }
  return {
    async create(firsts) {
      await write(await load(firsts.length), firsts);
    },
    async open(count) {
      const docs = await load(count);
      // Loading writes the state it found once more, in the same transaction.
      await stored();
      return docs;
    },
    // A transaction spans one database: there is no other way.
    writeTogether: write,
    writeEach: write,
    async close() {
      await Promise.all(open.map((persistence) => persistence.destroy()));
      open = [];
    },
    async erase() {
      await Promise.all(Array.from({ length: made }, (_, document) => clearDocument(nameOf(document))));
    },
  };
}
