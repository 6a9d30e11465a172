/**
 * P2: this tab's replica, leased with a Web Lock for as long as the tab lives, so that no two tabs write with the same one. The first
 * granted replica that is free is taken. None free: the leader asks for more, and until they come the tab writes under a provisional
 * one, so that nobody ever waits to write.
 */
import type { ReplicaId } from '#schema/ids.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import type { Locks } from './leader.ts';
import { isProvisional, provisionalReplica } from './provisional-replica.ts';
import { singleFlight } from './single-flight.ts';

export interface ReplicaLease {
  /** The replica to write with now: a granted one if it can be had. Never waits for the network. */
  forWriting(): Promise<ReplicaId>;
  /** A granted replica that is not `except`; waits for as long as there is none. */
  granted(except: ReplicaId): Promise<ReplicaId>;
  /** Another try to get a granted one: the relay is there again, or a tab closed. */
  retry(): void;
  close(): void;
}

export interface ReplicaLeaseDeps {
  readonly store: DeviceStore;
  readonly locks: Locks;
  /** Begins the names of the locks: one for each database. */
  readonly name: string;
  readonly random: () => number;
  /** All granted replicas are taken by other tabs, or there are none: more are needed. */
  readonly wantMore: () => void;
  readonly failed: (error: unknown) => void;
}

export function createReplicaLease(deps: ReplicaLeaseDeps): ReplicaLease {
  const { store, locks } = deps;
  let held: { readonly replica: ReplicaId; readonly release: () => void } | null = null;
  let provisional = provisionalReplica(deps.random);
  let closed = false;
  let listeners: (() => void)[] = [];

  /** One look at what the store has: keeps the lease while it is good, and takes another when there is none. */
  async function look(): Promise<void> {
    const stored = await store.replicas();
    if (closed) return;
    const retired = new Set(stored.filter((entry) => entry.retired).map((entry) => entry.replica));
    while (retired.has(provisional)) provisional = provisionalReplica(deps.random);
    if (held && retired.has(held.replica)) {
      held.release();
      held = null;
    }
    for (const { replica } of stored) {
      if (held) break;
      if (retired.has(replica) || isProvisional(replica)) continue;
      const release = await lock(`${deps.name} replica ${replica}`);
      if (release) held = { replica, release };
    }
    if (closed) held?.release();
    else if (!held) deps.wantMore();
    const heard = listeners;
    listeners = [];
    for (const listener of heard) listener();
  }

  /** Gives how to release the lock, or null when another tab has it. */
  function lock(name: string): Promise<(() => void) | null> {
    return new Promise((resolve, reject) => {
      locks
        .request(name, { ifAvailable: true }, (granted) => {
          if (!granted) return resolve(null);
          return new Promise<void>((release) => resolve(release));
        })
        .catch(reject);
    });
  }

  const lookAgain = singleFlight(look, (error) => {
    const heard = listeners;
    listeners = [];
    for (const listener of heard) listener();
    deps.failed(error);
  });
  const looked = (): Promise<void> =>
    new Promise((resolve) => {
      listeners.push(resolve);
      lookAgain();
    });

  const unsubscribe = store.changed((changes) => {
    if (changes.some((change) => change.what === 'device')) lookAgain();
  });
  let first: Promise<void> | null = looked();

  return {
    async forWriting() {
      if (first) await first;
      first = null;
      return held?.replica ?? provisional;
    },
    async granted(except) {
      while (!closed) {
        if (held && held.replica !== except) return held.replica;
        await new Promise<void>((resolve) => {
          listeners.push(resolve);
        });
      }
      throw new Error('the tab is closing');
    },
    retry() {
      if (!held) lookAgain();
    },
    close() {
      closed = true;
      unsubscribe();
      held?.release();
    },
  };
}
