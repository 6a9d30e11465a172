import type { Figures, Layout } from '../questions.ts';
import type { DocumentLayout } from './layout.ts';
import { makeUpdates } from './make-updates.ts';
import { oneDatabase } from './one-database.ts';
import { oneDatabaseEach } from './one-database-each.ts';

const LAYOUTS: Record<Layout, () => DocumentLayout> = {
  'one-database': oneDatabase,
  'y-indexeddb': oneDatabaseEach,
};

/** ms to create `count` documents, to open and load them again, and to write once into each: all at once, and each by itself. Leaves nothing behind. */
export async function measureDocuments(name: Layout, count: number): Promise<Figures> {
  const updates = makeUpdates(count);
  const layout = LAYOUTS[name]();
  const create = await timed(() => layout.create(updates.map(({ first }) => first)));
  await layout.close();
  const open = await timed(() => layout.open(count));
  const [seconds, thirds] = [updates.map(({ second }) => second), updates.map(({ third }) => third)];
  const together = await timed(() => layout.writeTogether(open.value, seconds));
  const each = await timed(() => layout.writeEach(open.value, thirds));
  await layout.close();
  // Read back: a layout that stored nothing would be the fastest.
  const docs = await layout.open(count);
  const events = docs.reduce((sum, doc) => sum + doc.getArray('log').length, 0);
  await layout.close();
  await layout.erase();
  if (events !== 3 * count) throw new Error(`${name} gave ${events} events back instead of ${3 * count}`);
  return { create: create.ms, open: open.ms, together: together.ms, each: each.ms };
}

async function timed<T>(act: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const begin = performance.now();
  const value = await act();
  return { ms: performance.now() - begin, value };
}
