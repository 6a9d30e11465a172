import { eventId, type EventId } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { equal } from './check.ts';
import type { StoreCase } from './store-case.ts';
import {
  ana,
  december,
  fromAna,
  group,
  hers,
  me,
  message,
  mine,
  november,
  otherGroup,
  pushAll,
  settled,
  t0,
  texts,
  timeline,
} from './world.ts';

export const deltaCases: readonly StoreCase[] = [
  {
    name: '[C1] a delta is stored and the cursor moves; another one over the same seqs changes nothing',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'), message(ana, t0 + 1, 'b'));
      equal(await store.applyDelta(relay.delta(0)), { cursor: 2, applied: true });
      equal(await store.applyDelta(relay.delta(0)), { cursor: 2, applied: true }, 'a replay');
      fromAna(relay, november, message(ana, t0 + 2, 'c'));
      equal(await store.applyDelta(relay.delta(1)), { cursor: 3, applied: true }, 'one that overlaps (C2)');
      equal(await timeline(store), relay.timeline());
      equal((await store.segment(group, november)).rows.length, 3, 'rows');
    },
  },
  {
    name: '[C2] a gap leaves everything as it was',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'), message(ana, t0 + 1, 'b'));
      equal(await store.applyDelta(relay.delta(1)), { cursor: 0, applied: false });
      equal(await texts(store), []);
      equal((await store.conversation(group))?.head, 0, 'head');
    },
  },
  {
    name: 'a delta for a conversation the device does not know is not applied',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'));
      equal(await store.applyDelta({ ...relay.delta(0), conversation: otherGroup }), { cursor: 0, applied: false });
    },
  },
  {
    name: '[R11] an update that cannot be decoded is set aside; the others are shown and the cursor goes on',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'), message(ana, t0 + 1, 'b'));
      const delta = relay.delta(0);
      const poisoned = {
        ...delta,
        through: 3,
        head: 3,
        updates: [...delta.updates, { seq: 3, segment: november, update: new Uint8Array([9, 9, 9]) }],
      };
      equal(await store.applyDelta(poisoned), { cursor: 3, applied: true });
      equal(await texts(store), ['a', 'b']);
      equal(
        (await store.damaged()).map(({ table }) => table),
        ['rows'],
      );
    },
  },
  {
    name: '[R10] merging rows into blocks changes nothing that is shown',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 700; i++) fromAna(relay, november, message(ana, t0 + i * 10, `m${i}`));
      await store.applyDelta(relay.delta(0));
      await store.append(group, november, mine, message(me, t0 + 10_000, 'waits'));
      const before = await timeline(store);
      await store.compact(group, november);
      const { blocks, rows } = await store.segment(group, november);
      equal(
        blocks.map(({ roots }) => roots),
        [512, 188],
        'blocks',
      );
      equal(rows.length, 1, 'what waits is left out');
      equal(await timeline(store), before);
      await pushAll(store, relay);
      equal((await timeline(store)).at(-1)?.seq, 701, 'seq');
    },
  },
  {
    name: '[R10] what belongs to merged messages finds its block: late arrivals, edits, reactions, deletions',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 1_100; i++) fromAna(relay, november, message(ana, t0 + i * 10, `m${i}`));
      await store.applyDelta(relay.delta(0));
      await store.compact(group, november);
      const after = relay.head;
      const at = t0 + 100_000;
      fromAna(
        relay,
        november,
        { kind: 'edit', by: ana, at, target: herEvent(3), text: 'edited' },
        { kind: 'react', by: ana, at: at + 1, target: herEvent(600), emoji: '👍', on: true },
        message(ana, t0 + 6_005, 'late'),
        message(ana, t0 - 5, 'first of all'),
        { kind: 'delete', by: ana, at: at + 2, target: herEvent(700), targetBy: ana, targetAt: t0 + 7_000 },
        message(ana, at + 3, 'newest'),
      );
      await store.applyDelta(relay.delta(after));
      equal(await timeline(store), relay.timeline(), 'as rows');
      await store.compact(group, november);
      equal((await store.segment(group, november)).rows, [], 'rows');
      equal(await timeline(store), relay.timeline(), 'merged');
      equal(await raw('readonly', 'rows', (table) => table.count()), 0, 'rows on the disk');
    },
  },
  {
    name: 'a few rows are left alone: merging them is not worth it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'));
      await store.applyDelta(relay.delta(0));
      await store.compact(group, november);
      equal((await store.segment(group, november)).blocks, []);
    },
  },
  {
    name: 'a reader that is behind is told that rows were merged meanwhile',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 300; i++) fromAna(relay, november, message(ana, t0 + i, `m${i}`));
      await store.applyDelta(relay.delta(0, 100));
      const [row] = (await store.segment(group, november)).rows;
      await store.applyDelta(relay.delta(100));
      equal((await store.rowsAfter(group, november, row?.n ?? 0))?.length, 200);
      await store.compact(group, november);
      equal(await store.rowsAfter(group, november, row?.n ?? 0), null);
      const { mergedN } = await store.segment(group, november);
      equal(await store.rowsAfter(group, november, mergedN), []);
    },
  },
  {
    name: 'a new month begins with the delta that brings it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, december, message(ana, Date.UTC(2026, 11, 1), 'december'));
      fromAna(relay, november, message(ana, t0, 'november'));
      await store.applyDelta(relay.delta(0));
      equal(await store.segmentNames(group), [
        { segment: december, present: true },
        { segment: november, present: true },
      ]);
      equal(await texts(store), ['november', 'december']);
    },
  },
  {
    name: '[P3] committed content in the place of an own event that waits is shown, and the own event goes on waiting',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, t0, 'mine'));
      relay.commit(november, encodeAppend(mine, 0, [message(me, t0, 'from a copied profile')]));
      await store.applyDelta(relay.delta(0));
      equal(await texts(store), ['from a copied profile']);
      equal((await store.outbox(10)).length, 1, 'outbox');
    },
  },
];

/** The id of Ana's event. */
function herEvent(clock: number): EventId {
  return eventId(november, hers, clock);
}
