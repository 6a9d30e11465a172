import * as Y from 'yjs';

/** A document's updates: an array of messages of 50 characters, as a segment holds them. */
export interface DocumentUpdates {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly third: Uint8Array;
}

/** The same bytes for every layout, made before the clock runs. */
export function makeUpdates(count: number): DocumentUpdates[] {
  return Array.from({ length: count }, (_, i) => {
    const doc = new Y.Doc();
    doc.clientID = 1_000 + i;
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    for (const turn of [1, 2, 3]) {
      const text = `message ${turn} of document ${String(i).padStart(5, '0')}`.padEnd(50, ' and so on');
      doc.getArray('log').push([{ kind: 'message', by: crypto.randomUUID(), at: Date.now(), text }]);
    }
    const [first, second, third] = updates;
    if (!first || !second || !third) throw new Error('an edit gave no update');
    return { first, second, third };
  });
}
