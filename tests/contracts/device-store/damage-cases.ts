import { equal } from './check.ts';
import type { StoreCase } from './store-case.ts';
import {
  ana,
  fromAna,
  group,
  me,
  message,
  mine,
  november,
  otherGroup,
  record,
  settled,
  t0,
  texts,
  timeline,
} from './world.ts';

export const damageCases: readonly StoreCase[] = [
  {
    name: '[R11] a broken row of updates is set aside, hides nothing else, and has its segment fetched again',
    async run({ open, raw, damaged }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 3; i++) {
        fromAna(relay, november, message(ana, t0 + i, `m${i}`));
        await store.applyDelta(relay.delta(i));
      }
      const keys = await raw('readonly', 'rows', (table) => table.getAllKeys());
      await raw('readwrite', 'rows', (table) => table.put(new Uint8Array([200]), keys[1] ?? []));
      equal(await texts(store), ['m0', 'm2']);
      equal(damaged, ['rows'], 'reported');
      equal(
        (await store.damaged()).map(({ table }) => table),
        ['rows'],
      );
      equal(
        (await store.segmentNames(group)).map(({ present }) => present),
        [false],
      );
      equal(await store.putSegment(group, november, relay.bundle(november)), true);
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[R11] a broken block is set aside, and what is fetched takes its place',
    async run({ open, raw, damaged }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 600; i++) fromAna(relay, november, message(ana, t0 + i, `m${i}`));
      await store.beginHydration(group, relay.head, relay.segments());
      await store.putSegment(group, november, relay.bundle(november));
      const keys = await raw('readonly', 'blocks', (table) => table.getAllKeys());
      await raw('readwrite', 'blocks', (table) => table.put(new Uint8Array([1, 2, 3]), keys[0] ?? []));
      const [first] = (await store.segment(group, november)).blocks;
      equal(await store.block(group, november, first?.id ?? 0), null);
      equal(damaged, ['blocks'], 'reported');
      equal((await texts(store)).length, 88, 'the other block');
      equal(
        (await store.segmentNames(group)).map(({ present }) => present),
        [false],
      );
      equal(await store.putSegment(group, november, relay.bundle(november)), true);
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[R11] a broken conversation is set aside, the others are listed, and everything relational is asked for anew',
    async run({ open, raw }) {
      const store = await open();
      await settled(store, record(), record(otherGroup));
      await raw('readwrite', 'conversations', (table) => table.put({ id: group, record: 'nonsense' }));
      equal(
        (await store.conversations()).map(({ record: { id } }) => id),
        [otherGroup],
      );
      equal((await store.device()).since, null);
      await store.applyChanges(
        {
          type: 'changes',
          cursor: '11',
          complete: true,
          people: [],
          members: [],
          heads: [],
          conversations: [record(), record(otherGroup)],
        },
        'epoch-1',
      );
      equal(
        (await store.conversations()).map(({ record: { id } }) => id),
        [group, otherGroup],
      );
    },
  },
  {
    name: '[R11] a broken outbox row does not keep others from going out',
    async run({ open, raw }) {
      const store = await open();
      await settled(store);
      await store.append(group, november, mine, message(me, t0, 'a'));
      await store.append(group, november, mine, message(me, t0 + 1, 'b'));
      const [first] = await store.outbox(1);
      await raw('readwrite', 'outbox', (table) => table.put({ n: first?.n, conversation: 5 }));
      equal(
        (await store.outbox(10)).map(({ clock }) => clock),
        [1],
      );
      equal(
        (await store.damaged()).map(({ table }) => table),
        ['outbox'],
      );
    },
  },
];
