/** What a nack of `again: resync` asks the device to do with its own state before it sends anew. */
import type { Nack } from '#schema/wire/push.ts';
import type { DeviceStore, OutboxEntry } from '#client/store/device-store.ts';
import type { ClockRepair } from './clock-repair.ts';
import { canFill } from './outbox-search.ts';
import type { ReplicaRepair } from './replica-repair.ts';

export interface ResyncDeps {
  readonly store: DeviceStore;
  readonly clockRepair: ClockRepair;
  readonly replicaRepair: ReplicaRepair;
  /** The device's clock, ms. */
  readonly now: () => number;
}

/** Gives the function that deals with such an answer. */
export function createResync(deps: ResyncDeps): (entry: OutboxEntry, nack: Nack) => Promise<void> {
  return async (entry, nack) => {
    const { code } = nack;
    if (code === 'clock-ahead') return deps.clockRepair.ahead(entry.bytes, nack.expected ?? deps.now());
    // What is missing waits in the outbox: it was answered `later`, or refused and emptied. It goes first now.
    if (code === 'gap' && (await canFill(deps.store, entry, nack))) return;
    if (code === 'gap' || code === 'replica-conflict') return deps.replicaRepair.suspect(entry, false);
    // The server does not look further: it may hold this very update from before the replica was retired.
    if (code === 'replica-not-yours') return deps.replicaRepair.suspect(entry, true);
    return deps.store.refused(entry.n, code, nack.message);
  };
}
