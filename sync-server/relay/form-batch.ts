/**
 * Which of the pushes that wait go into the next transaction (W2). Pushes of one replica in one segment whose clocks follow each other
 * become one chain; a chain is stored whole or not at all, so whatever makes a push depend on another of the same batch (its place does
 * not follow, it needs what the other stores) waits for the next one.
 */
import type { Chain, NewRow } from '../store/commit-updates.ts';
import type { QueuedPush } from './waiting-push.ts';

/** A chain with the pushes it is made of, in order of their clocks. */
export interface BatchedChain {
  readonly chain: Chain;
  readonly pushes: readonly QueuedPush[];
}

export interface Batch {
  readonly chains: readonly BatchedChain[];
  /** Those that wait on, in their order. */
  readonly rest: QueuedPush[];
}

/** How much one transaction takes. */
export interface BatchLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Measured: 500 rows take 13 ms; more at once gain nothing and make everybody wait. */
export const batchLimits: BatchLimits = { rows: 1_000, bytes: 4 << 20 };

export function formBatch(waiting: readonly QueuedPush[], limits: BatchLimits = batchLimits): Batch {
  const groups = new Map<string, QueuedPush[]>();
  /** Places of which a push waits on: what came after it waits too. */
  const held = new Set<string>();
  const rest: QueuedPush[] = [];
  let rows = 0;
  let bytes = 0;
  let i = 0;
  for (; i < waiting.length && rows < limits.rows && bytes < limits.bytes; i++) {
    const queued = waiting[i] as QueuedPush;
    const segment = `${queued.push.conversation}/${queued.push.segment}/`;
    const key = segment + queued.admitted.replica;
    const group = groups.get(key);
    const waits =
      held.has(key) ||
      (group !== undefined && !follows(queued, group)) ||
      queued.admitted.needs.some((need) => groups.has(segment + need.replica) || held.has(segment + need.replica));
    if (waits) {
      held.add(key);
      rest.push(queued);
      continue;
    }
    if (group) group.push(queued);
    else groups.set(key, [queued]);
    rows += queued.admitted.deletion === null ? 1 : 2;
    bytes += queued.admitted.bytes.length;
  }
  for (; i < waiting.length; i++) rest.push(waiting[i] as QueuedPush);
  return { chains: [...groups.values()].map((pushes) => ({ chain: chainOf(pushes), pushes })), rest };
}

function follows(queued: QueuedPush, group: readonly QueuedPush[]): boolean {
  const last = group.at(-1);
  if (!last || last.alone || queued.alone || last.push.user !== queued.push.user) return false;
  return queued.admitted.clock === last.admitted.clock + last.admitted.count;
}

function chainOf(pushes: readonly QueuedPush[]): Chain {
  const first = pushes[0] as QueuedPush;
  const rows: NewRow[] = [];
  let count = 0;
  for (const { admitted } of pushes) {
    rows.push({ clock: admitted.clock, count: admitted.count, bytes: admitted.bytes });
    if (admitted.deletion !== null) rows.push({ clock: null, count: 0, bytes: admitted.deletion });
    count += admitted.count;
  }
  return {
    conversation: first.push.conversation,
    segment: first.push.segment,
    replica: first.admitted.replica,
    user: first.push.user,
    clock: first.admitted.clock,
    count,
    asAdmin: pushes.some((push) => push.admitted.asAdmin),
    needs: pushes.length === 1 ? first.admitted.needs : pushes.flatMap((push) => push.admitted.needs),
    rows,
  };
}
