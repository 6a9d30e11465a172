import { eventId } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { equal, rejects, truthy } from './check.ts';
import type { StoreCase } from './store-case.ts';
import {
  ana,
  changes,
  december,
  fromAna,
  group,
  hers,
  me,
  message,
  mine,
  november,
  pushAll,
  record,
  settled,
  t0,
  texts,
  timeline,
} from './world.ts';

const inDecember = Date.UTC(2026, 11, 1);

export const hydrationCases: readonly StoreCase[] = [
  {
    name: '[C6] a new device takes the list, then the segments in any order, while deltas go on',
    async run({ open }) {
      const other = await open();
      const relay = await settled(other);
      for (let i = 0; i < 600; i++) fromAna(relay, november, message(ana, t0 + i * 10, `m${i}`));
      fromAna(relay, december, message(ana, inDecember, 'december'));
      const store = other;
      await store.beginHydration(group, relay.head, relay.segments());
      equal(await store.segmentNames(group), [
        { segment: december, present: false },
        { segment: november, present: false },
      ]);
      equal((await store.conversation(group))?.cursor, relay.head, 'cursor');
      const before = relay.head;
      const bundle = relay.bundle(november);
      fromAna(relay, november, message(ana, t0 + 5, 'late'), {
        kind: 'edit',
        by: ana,
        at: t0 + 9_000,
        target: eventId(november, hers, 1),
        text: 'edited',
      });
      await store.applyDelta(relay.delta(before));
      equal(await store.putSegment(group, december, relay.bundle(december)), true);
      equal(await store.putSegment(group, november, bundle), true);
      equal(await timeline(store), relay.timeline());
      equal(
        (await store.segment(group, november)).blocks.map(({ roots }) => roots),
        [512, 88],
        'blocks',
      );
      const stored = await store.conversation(group);
      equal([stored?.unread, stored?.lastMessage?.text], [602, 'december']);
    },
  },
  {
    name: '[C6] a bundle from a stale cache does not make a segment present',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'), message(ana, t0 + 1, 'b'));
      await store.beginHydration(group, relay.head, relay.segments());
      equal(await store.putSegment(group, november, relay.bundle(november, 1)), false);
      equal((await store.segment(group, november)).present, false);
      equal(await texts(store), ['a'], 'what is there is shown all the same');
      equal(await store.putSegment(group, november, relay.bundle(november)), true);
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: 'a segment that is newer than the cursor is counted once, though deltas bring its messages again',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'), message(ana, t0 + 1, 'b'));
      await store.putSegment(group, november, relay.bundle(november));
      equal((await store.conversation(group))?.unread, 2, 'fetched');
      await store.applyDelta(relay.delta(0));
      equal((await store.conversation(group))?.unread, 2, 'pulled');
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: 'a bundle that cannot be read changes nothing',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'));
      await store.applyDelta(relay.delta(0));
      await rejects(store.putSegment(group, november, new Uint8Array([1, 2, 3])), 'the bundle');
      await rejects(store.putSegment(group, november, new Uint8Array([7])), 'another version');
      equal(await texts(store), ['a']);
    },
  },
  {
    name: '[C3] a segment whose rows were merged at the server is fetched again, and the cursor goes on meanwhile',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'), message(ana, t0 + 1, 'b'));
      await store.applyDelta(relay.delta(0));
      await store.append(group, november, mine, message(me, t0 + 2, 'waits'));
      fromAna(relay, november, message(ana, t0 + 3, 'c'));
      fromAna(relay, december, message(ana, inDecember, 'd'));
      equal(await store.applyDelta(relay.deltaAfterMerge(2, [november])), { cursor: 4, applied: true });
      equal(
        (await store.segmentNames(group)).map(({ present }) => present),
        [true, false],
      );
      equal(await texts(store), ['a', 'b', 'waits', 'd'], 'before');
      equal(
        await store.putSegment(group, november, relay.bundle(november, 2)),
        false,
        'what it had before is not enough',
      );
      equal(await store.putSegment(group, november, relay.bundle(november)), true);
      equal(await texts(store), ['a', 'b', 'waits', 'c', 'd']);
      equal((await store.outbox(10)).length, 1, 'outbox');
    },
  },
  {
    name: '[R6] own events the bundle holds already are acknowledged by it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, t0, 'committed'));
      await store.append(group, november, mine, message(me, t0 + 1, 'not yet'));
      const [first] = await store.outbox(1);
      truthy(first, 'an entry');
      await store.markAttempted([first.n]);
      relay.commit(november, first.bytes);
      await store.beginHydration(group, relay.head, relay.segments());
      await store.putSegment(group, november, relay.bundle(november));
      equal(
        (await store.outbox(10)).map(({ clock }) => clock),
        [1],
      );
      equal(
        (await timeline(store)).map(({ text, seq }) => ({ text, seq })),
        [
          { text: 'committed', seq: 1 },
          { text: 'not yet', seq: null },
        ],
      );
    },
  },
  {
    name: '[C1] the cursor counts own events that a fetched segment proves to be committed, whose acks come after it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const target = await store.append(group, november, mine, message(me, t0, 'one'));
      await store.append(group, november, mine, {
        kind: 'delete',
        by: me,
        at: t0 + 1,
        target,
        targetBy: me,
        targetAt: t0,
      });
      const entries = await store.outbox(10);
      await store.markAttempted(entries.map(({ n }) => n));
      const acks = entries.map(({ n, bytes }) => ({ n, ack: relay.commit(november, bytes) }));
      await store.putSegment(group, november, relay.bundle(november));
      await store.acknowledged(acks.flatMap(({ n, ack }) => (ack ? [{ n, ...ack }] : [])));
      const stored = await store.conversation(group);
      equal([await store.outbox(10), stored?.cursor, stored?.head], [[], relay.head, relay.head]);
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[P3] another message in the place of one that was deleted and merged is not taken for it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const target = eventId(november, mine, 0);
      // What this device wrote before its profile was put back to an old copy.
      relay.commit(november, encodeAppend(mine, 0, [message(me, t0, 'forgotten')]));
      const deletion = { kind: 'delete' as const, by: me, at: t0 + 1, target, targetBy: me, targetAt: t0 };
      relay.commit(november, encodeAppend(mine, 1, [deletion]));
      await store.append(group, november, mine, message(me, t0 + 9, 'new'));
      await store.markAttempted((await store.outbox(10)).map(({ n }) => n));
      await store.putSegment(group, november, relay.bundle(november));
      equal(
        (await store.outbox(10)).map(({ clock }) => clock),
        [0],
      );
    },
  },
  {
    name: '[C5] after the server’s database was restored the device keeps what it has, and fetches everything anew',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(
        relay,
        november,
        message(ana, t0, 'kept'),
        message(ana, t0 + 1, 'lost by the server'),
        message(ana, t0 + 2, 'lost too'),
      );
      for (let i = 0; i < 300; i++) fromAna(relay, november, message(ana, t0 + 10 + i, `lost ${i}`));
      await store.applyDelta(relay.delta(0, 2));
      await store.applyDelta(relay.delta(2));
      await store.compact(group, november);
      fromAna(relay, november, message(ana, t0 + 5_000, 'lost row'));
      await store.applyDelta(relay.delta(303));
      const before = await texts(store);
      relay.log.splice(1);
      await store.applyChanges(changes({ complete: true, conversations: [record()], heads: [[group, 1]] }), 'epoch-2');
      equal((await store.device()).epoch, 'epoch-2');
      equal((await store.conversation(group))?.cursor, null, 'cursor');
      await store.beginHydration(group, relay.head, relay.segments());
      equal(
        (await store.segmentNames(group)).map(({ present }) => present),
        [false],
      );
      equal(await store.putSegment(group, november, relay.bundle(november)), true);
      equal(await texts(store), before);
      equal(
        (await timeline(store)).slice(0, 2).map(({ seq }) => seq),
        [1, 0],
      );
      equal(await store.applyDelta(relay.delta(1)), { cursor: 1, applied: true });
    },
  },
  {
    name: '[C5] a restored conversation that is pulled from its beginning keeps what the server lost, too',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'kept'), message(ana, t0 + 1, 'lost'));
      for (let i = 0; i < 300; i++) fromAna(relay, november, message(ana, t0 + 10 + i, `lost ${i}`));
      await store.applyDelta(relay.delta(0));
      await store.compact(group, november);
      const before = await texts(store);
      relay.log.splice(1);
      await store.applyChanges(changes({ complete: true, conversations: [record()], heads: [[group, 1]] }), 'epoch-2');
      await store.beginHydration(group, 0, []);
      equal(await store.applyDelta(relay.delta(0)), { cursor: 1, applied: true });
      equal(await texts(store), before);
      equal(
        (await timeline(store)).slice(0, 3).map(({ seq }) => seq),
        [1, 0, 0],
      );
      await store.compact(group, november);
      equal((await store.segment(group, november)).rows, [], 'rows');
      equal(
        (await timeline(store)).slice(0, 3).map(({ seq }) => seq),
        [1, 0, 0],
      );
      equal(await texts(store), before);
    },
  },
  {
    name: 'segments the server does not list are not waited for',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, t0, 'only here'));
      await store.applyChanges(changes({ complete: true, conversations: [record()] }), 'epoch-2');
      equal(
        (await store.segmentNames(group)).map(({ present }) => present),
        [false],
      );
      await store.beginHydration(group, 0, []);
      equal(
        (await store.segmentNames(group)).map(({ present }) => present),
        [true],
      );
      await pushAll(store, relay);
      equal(await texts(store), ['only here']);
    },
  },
];
