/**
 * P3: when the server expects another clock of a replica than the device can send, the replica is retired and what was not acknowledged
 * is written again under another. Nothing may be written twice, so an update that may have been committed unseen is never
 * rewritten before the server said that it does not have it:
 *
 *   draining   nothing more of the replica is sent until what is under way is answered
 *   probing    of each chain (conversation, segment) with attempted updates the first is sent alone: an ack leads to the next, a
 *              refusal says that the chain ended there ("dead")
 *   settled    no attempted update is left but in dead chains: retire, rewrite. No dead chain: it was a false alarm
 *
 * A replica that is retired already (the device stopped in between, a tab was late) has its rest rewritten whenever it shows up.
 */
import type { ConversationId, ReplicaId } from '#schema/ids.ts';
import type { DeviceStore, OutboxEntry } from '#client/store/device-store.ts';
import { chainOf } from './outbox-search.ts';
import { singleFlight } from './single-flight.ts';

export interface ReplicaRepair {
  /** Those of the entries (in the order of the outbox) that may be sent now. Entries of retired replicas are taken care of. */
  allowed(entries: readonly OutboxEntry[]): readonly OutboxEntry[];
  /** The server does not take this entry where it stands. `doubt`: nor does it say whether it has it. */
  suspect(entry: OutboxEntry, doubt: boolean): void;
  /** Which replicas are retired, as stored. Read at the start and whenever the device's replicas changed. */
  retired(replicas: ReadonlySet<ReplicaId>): void;
  /** An answer was dealt with, or a conversation caught up: something may have settled. */
  step(): void;
  /** The connection is lost: suspicions are gained anew on the next. */
  forget(): void;
}

export interface ReplicaRepairDeps {
  readonly store: DeviceStore;
  /** Updates without an answer on this connection. */
  readonly underWay: () => Iterable<OutboxEntry>;
  /** Whether the device has everything of the conversation that the server has committed. */
  readonly caughtUp: (conversation: ConversationId) => boolean;
  /** A replica of this tab that is neither retired nor the one named. Waits until there is one. */
  readonly successor: (of: ReplicaId) => Promise<ReplicaId>;
  /** Tells the server, and asks for a new one in its place. */
  readonly replace: (replica: ReplicaId) => void;
  readonly reconsider: () => void;
  readonly failed: (error: unknown) => void;
}

interface Suspect {
  phase: 'draining' | 'probing';
  /** Chains the server takes nothing more of, and whether it left in doubt what it has. */
  readonly dead: Map<string, { conversation: ConversationId; doubt: boolean }>;
}

export function createReplicaRepair(deps: ReplicaRepairDeps): ReplicaRepair {
  const { store } = deps;
  const suspects = new Map<ReplicaId, Suspect>();
  let retired: ReadonlySet<ReplicaId> = new Set();
  const leftovers = new Set<ReplicaId>();

  const step = singleFlight(async () => {
    for (const replica of [...leftovers]) {
      leftovers.delete(replica);
      await rewrite(replica);
    }
    for (const [replica, suspect] of [...suspects]) await advance(replica, suspect);
  }, deps.failed);

  async function advance(replica: ReplicaId, suspect: Suspect): Promise<void> {
    // One probe a chain: whatever was answered, the next one may go.
    deps.reconsider();
    if ([...deps.underWay()].some((entry) => entry.replica === replica)) return;
    suspect.phase = 'probing';
    const waiting = (await store.outbox(Number.MAX_SAFE_INTEGER)).filter((entry) => entry.replica === replica);
    if (waiting.some((entry) => entry.attempted && !suspect.dead.has(chainOf(entry)))) return;
    if ([...suspect.dead.values()].some((chain) => chain.doubt && !deps.caughtUp(chain.conversation))) return;
    if (suspects.get(replica) !== suspect) return;
    if (suspect.dead.size > 0) {
      retired = new Set([...retired, replica]);
      await rewrite(replica);
      deps.replace(replica);
    }
    suspects.delete(replica);
    deps.reconsider();
  }

  /** Retired first: a tab lets go of the replica it writes with, which may be this one, only when it is retired, and takes another. */
  async function rewrite(replica: ReplicaId): Promise<void> {
    await store.retireReplica(replica);
    await store.rewriteUnsent(replica, await deps.successor(replica));
    deps.reconsider();
  }

  return {
    step,
    allowed(entries) {
      const probed = new Set([...deps.underWay()].map(chainOf));
      return entries.filter((entry) => {
        if (retired.has(entry.replica)) {
          if (!leftovers.has(entry.replica)) {
            leftovers.add(entry.replica);
            step();
          }
          return false;
        }
        const suspect = suspects.get(entry.replica);
        if (!suspect) return true;
        const chain = chainOf(entry);
        const first = !probed.has(chain);
        probed.add(chain);
        return suspect.phase === 'probing' && first && entry.attempted && !suspect.dead.has(chain);
      });
    },
    suspect(entry, doubt) {
      const suspect = suspects.get(entry.replica);
      if (!suspect) suspects.set(entry.replica, { phase: 'draining', dead: new Map() });
      else if (suspect.phase === 'probing')
        suspect.dead.set(chainOf(entry), { conversation: entry.conversation, doubt });
    },
    retired(replicas) {
      retired = replicas;
    },
    forget() {
      suspects.clear();
    },
  };
}
