/** A device on a disk, a relay, and what may happen between them: for properties that hold whatever does. */
import fc from 'fast-check';
import type { EventId, ReplicaId, SegmentName } from '#schema/ids.ts';
import type { KnownEvent } from '#schema/segment/events.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { memoryDisk, openMemoryStore } from '#tests/support/memory-store.ts';
import type { RelayModel } from '#tests/support/relay-model.ts';
import { ana, december, fromAna, group, me, message, mine, mineToo, november, settled, t0, timeline } from './world.ts';

export type Step =
  | { readonly act: 'hers'; readonly month: 0 | 1; readonly at: number }
  | { readonly act: 'about'; readonly kind: 'edit' | 'react' | 'delete'; readonly target: number }
  | { readonly act: 'own'; readonly month: 0 | 1; readonly at: number; readonly second: boolean }
  | { readonly act: 'own-about'; readonly kind: 'edit' | 'react' | 'delete' }
  | { readonly act: 'change'; readonly empty: boolean }
  | { readonly act: 'push'; readonly count: number; readonly lose: boolean }
  | { readonly act: 'pull'; readonly count: number }
  | { readonly act: 'ahead' }
  | { readonly act: 'hydrate'; readonly month: 0 | 1 }
  | { readonly act: 'fetch'; readonly month: 0 | 1 }
  | { readonly act: 'resync'; readonly month: 0 | 1 }
  | { readonly act: 'compact'; readonly month: 0 | 1 }
  | { readonly act: 'rewrite' }
  | { readonly act: 'reopen' };

const month = fc.constantFrom(0 as const, 1 as const);
/** What may happen, the usual more often. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('hers' as const), month, at: fc.nat(1_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('about' as const),
      kind: fc.constantFrom('edit' as const, 'react' as const, 'delete' as const),
      target: fc.nat(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant('own' as const), month, at: fc.nat(1_000), second: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('own-about' as const),
      kind: fc.constantFrom('edit' as const, 'react' as const, 'delete' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('change' as const), empty: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('push' as const),
      count: fc.integer({ min: 1, max: 4 }),
      lose: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('pull' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.constant({ act: 'ahead' as const }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('hydrate' as const), month }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('fetch' as const), month }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('resync' as const), month }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('compact' as const), month }) },
  { weight: 1, arbitrary: fc.constant({ act: 'rewrite' as const }) },
  { weight: 1, arbitrary: fc.constant({ act: 'reopen' as const }) },
);

const months: readonly SegmentName[] = [november, december];
const starts: readonly number[] = [t0, Date.UTC(2026, 11, 1)];

/** A device on a disk, and the relay it talks to. */
export class Play {
  private readonly disk = memoryDisk();
  store!: DeviceStore;
  relay!: RelayModel;
  private own: ReplicaId = mine;
  private nextOwn = 20;
  /** A time for each event: a rising one, so that no two are equal. */
  private tick = 0;

  async begin(): Promise<void> {
    this.store = await openMemoryStore(this.disk);
    this.relay = await settled(this.store);
  }

  async reopen(): Promise<void> {
    await this.store.close();
    this.store = await openMemoryStore(this.disk);
  }

  async take(one: Step): Promise<void> {
    const { store, relay } = this;
    this.tick++;
    switch (one.act) {
      case 'hers':
        return fromAna(
          relay,
          months[one.month] ?? november,
          message(ana, (starts[one.month] ?? t0) + one.at * 1_000, `hers ${this.tick}`),
        );
      case 'about': {
        const targets = relay.timeline().filter(({ by, deleted }) => by === ana && !deleted);
        const target = targets[one.target % Math.max(1, targets.length)];
        if (target) fromAna(relay, monthOf(target.id), this.about(one.kind, ana, target));
        return;
      }
      case 'own': {
        const replica = one.second ? mineToo : this.own;
        const event = message(me, (starts[one.month] ?? t0) + one.at * 1_000 + 1, `mine ${this.tick}`);
        return void (await store.append(group, months[one.month] ?? november, replica, event));
      }
      case 'own-about': {
        const targets = (await timeline(store)).filter(({ by, deleted }) => by === me && !deleted);
        const target = targets[this.tick % Math.max(1, targets.length)];
        if (target) await store.append(group, monthOf(target.id), this.own, this.about(one.kind, me, target));
        return;
      }
      case 'change': {
        const target = (await timeline(store)).find(({ by, seq }) => by === me && seq === null);
        if (!target) return;
        const event: KnownEvent = one.empty
          ? { kind: 'empty', by: me, at: target.at }
          : message(me, target.at, `changed ${this.tick}`);
        return void (await store.replaceUnsent(group, target.id, event));
      }
      case 'push':
        return this.push(one.count, one.lose);
      case 'pull':
        return this.pull(one.count);
      case 'ahead': {
        const { cursor } = await store.applyDelta(relay.delta(Math.max(0, relay.head - 1)));
        if (cursor > relay.head) throw new Error(`the cursor ${cursor} is above the head ${relay.head}`);
        return;
      }
      case 'hydrate': {
        const segment = months[one.month] ?? november;
        const listed = relay.segments();
        await store.beginHydration(group, relay.head, listed);
        for (const name of listed)
          if (name.segment === segment) await store.putSegment(group, segment, relay.bundle(segment));
        return;
      }
      case 'fetch': {
        // A segment newer than the cursor: deltas will bring what it holds again.
        const segment = months[one.month] ?? november;
        if (relay.log.some((update) => update.segment === segment))
          await store.putSegment(group, segment, relay.bundle(segment));
        return;
      }
      case 'resync': {
        const cursor = (await store.conversation(group))?.cursor ?? 0;
        const segment = months[one.month] ?? november;
        // The relay names a segment only when rows of it were merged since.
        const news = relay.log.slice(cursor).some((update) => update.segment === segment);
        if (news) await store.applyDelta(relay.deltaAfterMerge(cursor, [segment]));
        return;
      }
      case 'compact':
        return store.compact(group, months[one.month] ?? november);
      case 'rewrite': {
        const successor = this.nextOwn++ as ReplicaId;
        await store.rewriteUnsent(this.own, successor);
        this.own = successor;
        return;
      }
      case 'reopen':
        return this.reopen();
    }
  }

  private about(kind: 'edit' | 'react' | 'delete', by: typeof me, target: { id: EventId; at: number }): KnownEvent {
    const at = t0 + 5_000_000_000 + this.tick;
    if (kind === 'edit') return { kind, by, at, target: target.id, text: `edited ${this.tick}` };
    if (kind === 'react') return { kind, by, at, target: target.id, emoji: '👍', on: this.tick % 2 === 0 };
    return { kind, by, at, target: target.id, targetBy: by, targetAt: target.at };
  }

  /** Pushes the first few; the acks may be lost. */
  async push(count: number, lose: boolean): Promise<void> {
    const entries = await this.store.outbox(count);
    await this.store.markAttempted(entries.map(({ n }) => n));
    const acks: { n: number; seq: number; to: number }[] = [];
    for (const { n, segment, bytes } of entries) {
      // D6: what an event is about must be stored; until it is, the push is refused for now.
      if (!this.targetStored(segment, bytes)) continue;
      const ack = this.relay.commit(segment, bytes);
      if (ack) acks.push({ n, ...ack });
    }
    if (!lose) await this.store.acknowledged(acks);
  }

  private targetStored(segment: SegmentName, bytes: Uint8Array): boolean {
    const target = (decodeUpdate(bytes).elements[0]?.value as { target?: string } | undefined)?.target;
    if (target === undefined) return true;
    const [, replica, clock] = target.split('.').map(Number);
    return this.relay.nextClock(segment, replica ?? 0) > (clock ?? 0);
  }

  async pull(count: number): Promise<void> {
    const cursor = (await this.store.conversation(group))?.cursor ?? 0;
    if (cursor < this.relay.head)
      await this.store.applyDelta(this.relay.delta(cursor, Math.min(this.relay.head, cursor + count)));
  }

  /** Everything out, everything in, everything fetched. */
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) {
      const [left] = await this.store.outbox(1);
      if (!left) break;
      await this.push(1_000, false);
      // What was committed with a lost ack comes back as a delta.
      await this.pull(1_000);
    }
    await this.pull(1_000);
    for (const { segment, present } of await this.store.segmentNames(group)) {
      const fetched = present || (await this.store.putSegment(group, segment, this.relay.bundle(segment)));
      if (!fetched) throw new Error(`${segment} is not present after it was fetched`);
    }
  }
}

const monthOf = (id: EventId): SegmentName => id.slice(0, 7) as SegmentName;
