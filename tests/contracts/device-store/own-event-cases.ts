import { eventId } from '#schema/ids.ts';
import { equal, rejects, truthy } from './check.ts';
import type { StoreCase } from './store-case.ts';
import {
  ana,
  december,
  fromAna,
  group,
  me,
  message,
  mine,
  mineToo,
  november,
  pushAll,
  settled,
  t0,
  texts,
} from './world.ts';

export const ownEventCases: readonly StoreCase[] = [
  {
    name: '[R2] an own event is written strictly, together with its outbox row, and is there after a restart',
    async run({ open, written, forgetWritten }) {
      const store = await open();
      await settled(store);
      forgetWritten();
      equal(await store.append(group, november, mine, message(me, t0, 'hello')), '2026-11.7.0', 'id');
      equal(written(), ['strict'], 'transactions');
      await store.close();
      const again = await open();
      equal(await texts(again), ['hello']);
      equal(
        (await again.outbox(10)).map(({ clock, attempted, count }) => ({ clock, attempted, count })),
        [{ clock: 0, attempted: false, count: 1 }],
        'outbox',
      );
    },
  },
  {
    name: '[R2] attempts, refusals, rewrites and commands are written strictly too',
    async run({ open, written, forgetWritten }) {
      const store = await open();
      await settled(store);
      await store.append(group, november, mine, message(me, t0, 'one'));
      await store.append(group, november, mine, message(me, t0 + 1, 'two'));
      const [first, second] = await store.outbox(2);
      truthy(first && second, 'two entries');
      forgetWritten();
      await store.markAttempted([first.n]);
      await store.refused(first.n, 'not-allowed', 'no');
      await store.rewriteUnsent(mine, mineToo);
      await store.replaceUnsent(group, eventId(november, mineToo, 0), message(me, t0 + 1, 'changed'));
      equal(
        written().filter((durability) => durability !== 'strict'),
        ['relaxed'],
        'only the summary found anew after the rewrite may be relaxed',
      );
    },
  },
  {
    name: '[D2] clocks go on from where they were, for each replica and month apart, also after a restart',
    async run({ open }) {
      const store = await open();
      await settled(store);
      const ids = [
        await store.append(group, november, mine, message(me, t0, 'a')),
        await store.append(group, november, mine, message(me, t0 + 1, 'b')),
        await store.append(group, november, mineToo, message(me, t0 + 2, 'c')),
        await store.append(group, december, mine, message(me, Date.UTC(2026, 11, 1), 'd')),
      ];
      equal(ids, ['2026-11.7.0', '2026-11.7.1', '2026-11.8.0', '2026-12.7.0']);
      await store.close();
      const again = await open();
      equal(await again.append(group, november, mine, message(me, t0 + 3, 'e')), '2026-11.7.2');
      equal(await texts(again), ['a', 'b', 'c', 'e', 'd']);
    },
  },
  {
    name: 'a lost clock is found again from rows and from the merged past',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 3; i++) await store.append(group, november, mine, message(me, t0 + i, `m${i}`));
      await raw('readwrite', 'clocks', (table) => table.clear());
      equal(await store.append(group, november, mine, message(me, t0 + 3, 'm3')), '2026-11.7.3');
      await pushAll(store, relay);
      await store.putSegment(group, november, relay.bundle(november));
      equal((await store.segment(group, november)).rows, [], 'rows');
      await raw('readwrite', 'clocks', (table) => table.clear());
      equal(await store.append(group, november, mine, message(me, t0 + 4, 'm4')), '2026-11.7.4');
    },
  },
  {
    name: '[P5] an own event changes in place until it was attempted',
    async run({ open }) {
      const store = await open();
      await settled(store);
      const id = await store.append(group, november, mine, message(me, t0, 'helo'));
      equal(await store.replaceUnsent(group, id, message(me, t0, 'hello')), true);
      equal(await texts(store), ['hello']);
      const [entry] = await store.outbox(1);
      truthy(entry, 'an entry');
      equal(entry.clock, 0, 'clock');
      await store.markAttempted([entry.n]);
      equal(await store.replaceUnsent(group, id, message(me, t0, 'too late')), false);
      equal(await texts(store), ['hello']);
      equal((await store.outbox(1))[0]?.attempted, true, 'attempted');
    },
  },
  {
    name: '[P5] what was taken back before it was sent leaves no text anywhere, and no gap in the chain',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      const id = await store.append(group, november, mine, message(me, t0, 'secret'));
      await store.append(group, november, mine, message(me, t0 + 1, 'open'));
      await store.replaceUnsent(group, id, { kind: 'empty', by: me, at: t0 });
      const rows = await raw('readonly', 'rows', (table) => table.getAll() as IDBRequest<Uint8Array[]>);
      equal(
        rows.some((row) => new TextDecoder().decode(row).includes('secret')),
        false,
        'the text on the disk',
      );
      equal(await store.outboxSize().then(({ updates }) => updates), 1, 'what waits, for people');
      await pushAll(store, relay);
      equal(await store.outbox(10), [], 'outbox');
      equal(relay.head, 2);
      equal(await texts(store), ['open']);
    },
  },
  {
    name: '[P5] nothing comes back to a place that was emptied: who had begun to change it was too late',
    async run({ open }) {
      const store = await open();
      await settled(store);
      const id = await store.append(group, november, mine, message(me, t0, 'secret'));
      equal(await store.replaceUnsent(group, id, { kind: 'empty', by: me, at: t0 }), true);
      equal(await store.replaceUnsent(group, id, message(me, t0, 'secret, changed')), false);
      equal(await texts(store), []);
    },
  },
  {
    name: 'an event for a conversation that is not on the device is refused, and nothing stays of it',
    async run({ open, raw }) {
      const store = await open();
      await rejects(store.append(group, november, mine, message(me, t0, 'hello')), 'append');
      equal(await raw('readonly', 'rows', (table) => table.count()), 0, 'rows');
      equal(await raw('readonly', 'segments', (table) => table.count()), 0, 'segments');
    },
  },
  {
    name: '[R1] others’ messages and own ones stand in one order before anything was acknowledged',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, t0 + 5, 'mine'));
      fromAna(relay, november, message(ana, t0, 'before'), message(ana, t0 + 9, 'after'));
      await store.applyDelta(relay.delta(0));
      equal(await texts(store), ['before', 'mine', 'after']);
      await pushAll(store, relay);
      equal(await texts(store), ['before', 'mine', 'after']);
    },
  },
];
