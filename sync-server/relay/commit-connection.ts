/**
 * The connection commits go through: one of its own, so that no queue of other statements stands before them. It is opened anew when it
 * was lost, and a batch is tried again for a while.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { commitUpdates, type Chain, type ChainOutcome } from '../store/commit-updates.ts';
import { classifyDatabaseError } from '../store/database-errors.ts';
import type { Database, DatabaseSession } from '../store/database.ts';

export interface BatchResult {
  readonly outcomes: readonly ChainOutcome[];
  /** An attempt before ended without an answer: what this one found to be there already may have been stored by it. */
  readonly uncertain: boolean;
}

/** The database could not be reached in time. Whether the batch is stored is not known; sending it again is harmless (R6). */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export interface CommitConnection {
  /**
   * Commits a batch.
   * @throws Unreachable; or whatever PostgreSQL says about a statement it does not accept
   */
  commit(chains: readonly Chain[]): Promise<BatchResult>;
  close(): void;
}

/** Waits between attempts, ms: the first at once, since a lost connection is found by using it. */
const pauses = [0, 50, 100, 200, 400, 800];

/** @param patienceMs for how long a batch is tried */
export function createCommitConnection(
  database: Database,
  patienceMs: number,
  onRetry: (error: unknown) => void,
): CommitConnection {
  let session: DatabaseSession | null = null;
  let closed = false;

  async function connection(): Promise<DatabaseSession> {
    if (session !== null) return session;
    const opened = await database.session();
    if (closed) {
      opened.release();
      throw new Unreachable('the relay is closing');
    }
    opened.onLost(() => {
      if (session === opened) session = null;
    });
    session = opened;
    return opened;
  }

  function drop(): void {
    session?.release();
    session = null;
  }

  return {
    async commit(chains) {
      const deadline = performance.now() + patienceMs;
      let uncertain = false;
      for (let attempt = 0; ; attempt++) {
        try {
          return { outcomes: await commitUpdates(await connection(), chains), uncertain };
        } catch (error) {
          const failure = classifyDatabaseError(error);
          if (!failure.retry) throw error;
          onRetry(error);
          uncertain ||= !failure.undone;
          // A deadlock or a timeout leaves the connection usable; anything about the connection does not.
          if (!failure.undone || failure.code.startsWith('08')) drop();
          const wait = pauses[Math.min(attempt, pauses.length - 1)] ?? 0;
          if (closed || performance.now() + wait > deadline)
            throw new Unreachable('the database cannot be reached', { cause: error });
          if (wait > 0) await pause(wait);
        }
      }
    },
    close() {
      closed = true;
      drop();
    },
  };
}
