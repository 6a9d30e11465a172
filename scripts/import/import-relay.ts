import type { UpdateWriter } from '#server/relay/create-writer.ts';

/** What the import needs of the relay: its checks and its commit, and its word to whoever is online. */
export type ImportRelay = Pick<UpdateWriter, 'push' | 'relationalChange'>;
