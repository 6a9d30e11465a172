/**
 * Elects one tab of the device to hold the socket: whoever has the Web Lock leads. A tab that dies loses it at once, and the next in
 * line has it; nobody has to notice.
 */

/** Web Locks, of which tests bring their own. */
export type Locks = Pick<LockManager, 'request'>;

/**
 * Waits for its turn, then leads until stopped.
 * @param begin starts what only the leader does; gives the function that ends it.
 * @returns the function that steps down or out of the queue.
 */
export function standForLeader(locks: Locks, name: string, begin: () => () => void): () => void {
  const withdrawn = new AbortController();
  let stepDown: (() => void) | null = null;
  locks
    .request(name, { mode: 'exclusive', signal: withdrawn.signal }, async () => {
      const end = begin();
      await new Promise<void>((resolve) => {
        stepDown = resolve;
        if (withdrawn.signal.aborted) resolve();
      });
      end();
    })
    .catch((error: unknown) => {
      if (!withdrawn.signal.aborted) throw error;
    });
  return () => {
    withdrawn.abort();
    stepDown?.();
  };
}
