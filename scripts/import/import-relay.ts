import type { ErrorCode } from '#schema/errors.ts';
import type { UserId } from '#schema/ids.ts';
import type { Chain, ChainRefusal } from '#server/store/commit-updates.ts';

/** A chain as its author would push it; what it needs of the database is the relay's to find out. */
export type PushedChain = Omit<Chain, 'needs' | 'asAdmin'>;

/** `stored`, or why not. */
export type PushOutcome = 'stored' | ChainRefusal | ErrorCode;

/** What the import needs of the relay: its checks, its commit, its word to whoever is online. */
export interface ImportRelay {
  /** Admits each update as if its author had pushed it, commits the chains in one transaction, and tells the nodes. */
  push(chains: readonly PushedChain[]): Promise<PushOutcome[]>;
  /** Tells the nodes that what these users see of people and groups has changed. */
  relationalChange(users: readonly UserId[]): Promise<void>;
}
