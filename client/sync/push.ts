/**
 * Drains the outbox: own updates go out in the order they were written, up to `LIMITS.pushesInFlight` at a time.
 *
 *   P5  an update is marked as attempted, durably, before it is sent for the first time, and read again after the mark: what
 *       leaves is what can no longer be changed in place
 *   S6  every push is answered; `ERROR_CODES[code].again` says what follows
 *   R6  a lost connection forgets what was under way: it is sent again, the same bytes
 */
import { ERROR_CODES } from '#schema/errors.ts';
import type { ConversationId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Ack, Nack, Push } from '#schema/wire/push.ts';
import type { DeviceStore, OutboxEntry } from '#client/store/device-store.ts';
import { backoff } from './backoff.ts';
import { singleFlight } from './single-flight.ts';
import type { Timers } from './timers.ts';

/** With fewer than this under way the outbox is read again: reading at each ack would read everything many times. */
const LOW_WATER = LIMITS.pushesInFlight / 2;

export interface PushQueue {
  /** The relay takes pushes from now on. */
  begin(): void;
  /** The connection is lost: everything under way is forgotten. */
  halt(): void;
  /** There is something new in the outbox. */
  poke(): void;
  /** What was held back, refused or changed may be sendable now. */
  reconsider(): void;
  acknowledged(acks: readonly Ack[]): Promise<void>;
  refused(nack: Nack): Promise<void>;
  /** Updates that have no answer yet on this connection. */
  underWay(): Iterable<OutboxEntry>;
}

export interface PushDeps {
  readonly store: DeviceStore;
  readonly timers: Timers;
  readonly random: () => number;
  readonly send: (push: Push) => void;
  /** Which of the entries (in the order of the outbox) may go now: see replica-repair.ts and clock-repair.ts. */
  readonly allowed: (entries: readonly OutboxEntry[]) => readonly OutboxEntry[];
  /** An answer that asks the device to put its own state in order. */
  readonly resync: (entry: OutboxEntry, nack: Nack) => Promise<void>;
  /** The target of this entry is not stored; whether it will be. */
  readonly mayComeTrue: (entry: OutboxEntry) => Promise<boolean>;
  readonly committed: (conversation: ConversationId, head: number) => Promise<void>;
  /** An answer was dealt with. */
  readonly answered: () => void;
  readonly failed: (error: unknown) => void;
}

export function createPushQueue(deps: PushDeps): PushQueue {
  const { store, timers } = deps;
  const inFlight = new Map<number, OutboxEntry>();
  let open = false;
  /** Rises with each connection: what was begun for an older one must not send. */
  let era = 0;
  /** Everything up to this n was sent, or is held until somebody says `reconsider`. */
  let sentUpTo = 0;
  let refusals = 0;
  let resume: (() => void) | null = null;

  const poke = singleFlight(async () => {
    while (open && resume === null && inFlight.size < LOW_WATER && (await sendSome()));
  }, deps.failed);

  /** True: there may be more to send. */
  async function sendSome(): Promise<boolean> {
    const own = era;
    const from = sentUpTo;
    const room = LIMITS.pushesInFlight - inFlight.size;
    const read = await store.outbox(room, from);
    const last = read.at(-1);
    if (own !== era || !last) return false;
    const ready = deps.allowed(read).filter((entry) => !inFlight.has(entry.n));
    const fresh = ready.filter((entry) => !entry.attempted).map((entry) => entry.n);
    let sendable = ready;
    if (fresh.length > 0) {
      await store.markAttempted(fresh);
      // Until the mark was durable a person could still change it: what goes out is what is stored now.
      const chosen = new Set(ready.map((entry) => entry.n));
      sendable = (await store.outbox(read.length, from)).filter((entry) => entry.attempted && chosen.has(entry.n));
    }
    if (own !== era || !open) return false;
    // Somebody said `reconsider` meanwhile: from the beginning again, after these.
    if (sentUpTo === from) sentUpTo = last.n;
    for (const entry of deps.allowed(sendable)) {
      inFlight.set(entry.n, entry);
      deps.send({
        type: 'push',
        id: entry.n,
        conversation: entry.conversation,
        segment: entry.segment,
        update: entry.bytes,
      });
    }
    return read.length === room;
  }

  function reconsider(): void {
    sentUpTo = 0;
    poke();
  }

  function pause(): void {
    refusals++;
    resume ??= timers.after(backoff(refusals, deps.random), () => {
      resume = null;
      reconsider();
    });
  }

  return {
    poke,
    reconsider,
    begin() {
      open = true;
      refusals = 0;
      reconsider();
    },
    halt() {
      open = false;
      era++;
      inFlight.clear();
      resume?.();
      resume = null;
    },
    async acknowledged(acks) {
      const known = acks.flatMap((ack) => {
        const entry = inFlight.get(ack.id);
        return entry ? [{ ack, entry }] : [];
      });
      if (known.length === 0) return;
      await store.acknowledged(known.map(({ ack }) => ({ n: ack.id, seq: ack.seq, to: ack.to })));
      refusals = 0;
      const heads = new Map<ConversationId, number>();
      for (const { ack, entry } of known) {
        inFlight.delete(entry.n);
        heads.set(entry.conversation, Math.max(ack.to, heads.get(entry.conversation) ?? 0));
      }
      for (const [conversation, head] of heads) await deps.committed(conversation, head);
      deps.answered();
      poke();
    },
    async refused(nack) {
      const entry = inFlight.get(nack.id);
      if (!entry) return;
      const again =
        nack.code === 'unknown-target' && (await deps.mayComeTrue(entry)) ? 'later' : ERROR_CODES[nack.code].again;
      if (again === 'never') await store.refused(entry.n, nack.code, nack.message);
      else if (again === 'resync') await deps.resync(entry, nack);
      else pause();
      inFlight.delete(entry.n);
      deps.answered();
      reconsider();
    },
    underWay: () => inFlight.values(),
  };
}
