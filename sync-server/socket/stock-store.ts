import { Refusal } from '#schema/errors.ts';
import type { RelayCore } from '../relay/create-core.ts';
import type { RelayDeps } from '../relay/relay.ts';
import type { StockStore } from '../relay/stock/ports.ts';
import { WorkerBusy } from '../snapshots/run-worker.ts';
import { grantOnFirstUse } from '../store/grant-replicas.ts';
import { requireMember, segmentClocks } from '../store/segment-clocks.ts';

/** The stock endpoint's port to what is stored: the store, and the snapshot worker for whole segments. */
export function createStockStore(
  { database, missing }: RelayDeps,
  { reads, follow }: Pick<RelayCore, 'reads' | 'follow'>,
): StockStore {
  return {
    requireMember: ({ conversation }, user) => reads.run(() => requireMember(database, conversation, user)),
    clocks: (key) =>
      reads.run(async () => {
        // What is committed after this is told; what was before is in what is read next.
        await follow(key.conversation);
        return segmentClocks(database, key);
      }),
    async read(key, user, stateVector) {
      await reads.run(() => requireMember(database, key.conversation, user));
      try {
        return await missing(key, stateVector);
      } catch (error) {
        throw error instanceof WorkerBusy ? new Refusal('unavailable') : error;
      }
    },
    grant: (user, replica) => grantOnFirstUse(database, user, replica),
  };
}
