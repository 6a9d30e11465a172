import type * as Y from 'yjs';

/** A way to keep documents, as they are measured. */
export interface DocumentLayout {
  /** Makes the documents of a device that has none: resolves when all first updates are stored. */
  create(firsts: readonly Uint8Array[]): Promise<void>;
  /** Opens what lies there: every document, loaded. */
  open(count: number): Promise<Y.Doc[]>;
  /** Applies an update to each open document, all known at once: resolves when all are stored. */
  writeTogether(docs: readonly Y.Doc[], updates: readonly Uint8Array[]): Promise<void>;
  /** The same with a transaction for each, as they arrive where nothing gathers them; none waits for another. */
  writeEach(docs: readonly Y.Doc[], updates: readonly Uint8Array[]): Promise<void>;
  /** Lets go; what was stored stays. */
  close(): Promise<void>;
  erase(): Promise<void>;
}
