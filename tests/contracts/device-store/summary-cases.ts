import { eventId } from '#schema/ids.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { equal } from './check.ts';
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
  mineToo,
  november,
  pushAll,
  record,
  settled,
  t0,
} from './world.ts';

async function summary(store: DeviceStore): Promise<unknown> {
  const stored = await store.conversation(group);
  return (
    stored && {
      last: stored.lastMessage?.text,
      deleted: stored.lastMessage?.deleted,
      unread: stored.unread,
      activity: stored.activity,
    }
  );
}

async function firstUnread(store: DeviceStore): Promise<string | null> {
  const first = await store.firstUnread(group);
  return first && eventId(first.segment, first.replica, first.clock);
}

export const summaryCases: readonly StoreCase[] = [
  {
    name: 'a conversation without messages is as old as it is',
    async run({ open }) {
      const store = await open();
      await settled(store);
      equal(await summary(store), { unread: 0, activity: t0 - 1 });
    },
  },
  {
    name: 'the last message follows what is written, edited, deleted and taken back',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const apply = async () => store.applyDelta(relay.delta((await store.conversation(group))?.cursor ?? 0));
      fromAna(relay, november, message(ana, t0 + 10, 'ten'));
      await apply();
      equal(await summary(store), { last: 'ten', deleted: false, unread: 1, activity: t0 + 10 });
      fromAna(relay, november, message(ana, t0 + 5, 'a late five'));
      await apply();
      equal(
        await summary(store),
        { last: 'ten', deleted: false, unread: 2, activity: t0 + 10 },
        'after a late arrival',
      );
      fromAna(relay, november, {
        kind: 'edit',
        by: ana,
        at: t0 + 20,
        target: eventId(november, hers, 0),
        text: 'ten!',
      });
      await apply();
      equal(await summary(store), { last: 'ten!', deleted: false, unread: 2, activity: t0 + 10 }, 'after an edit');
      const id = await store.append(group, november, mine, message(me, t0 + 30, 'mine'));
      equal(await summary(store), { last: 'mine', deleted: false, unread: 2, activity: t0 + 30 }, 'own');
      await store.replaceUnsent(group, id, { kind: 'empty', by: me, at: t0 + 30 });
      equal(await summary(store), { last: 'ten!', deleted: false, unread: 2, activity: t0 + 10 }, 'taken back');
      fromAna(relay, november, {
        kind: 'delete',
        by: ana,
        at: t0 + 40,
        target: eventId(november, hers, 0),
        targetBy: ana,
        targetAt: t0 + 10,
      });
      await apply();
      equal(await summary(store), { last: '', deleted: true, unread: 1, activity: t0 + 10 }, 'deleted');
      fromAna(relay, december, message(ana, Date.UTC(2026, 11, 1), 'december'));
      await apply();
      equal(await summary(store), { last: 'december', deleted: false, unread: 2, activity: Date.UTC(2026, 11, 1) });
    },
  },
  {
    name: 'an own edit that is taken back shows the earlier text again',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const target = await store.append(group, november, mine, message(me, t0, 'first'));
      await pushAll(store, relay);
      const edit = await store.append(group, november, mine, {
        kind: 'edit',
        by: me,
        at: t0 + 1,
        target,
        text: 'second',
      });
      equal((await store.conversation(group))?.lastMessage?.text, 'second');
      await store.replaceUnsent(group, edit, { kind: 'empty', by: me, at: t0 + 1 });
      equal((await store.conversation(group))?.lastMessage?.text, 'first');
    },
  },
  {
    name: '[D8] of two edits of one moment the list shows the one that stands last, also when the other is told of later',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const target = await store.append(group, november, mine, message(me, t0, 'first'));
      await pushAll(store, relay);
      const edit = (text: string) => ({ kind: 'edit' as const, by: me, at: t0 + 1, target, text });
      const shown = async () => (await store.conversation(group))?.lastMessage?.text;
      await store.append(group, november, mineToo, edit('of the higher replica'));
      await store.append(group, november, mine, edit('of the lower replica'));
      equal(await shown(), 'of the higher replica', 'written');
      await pushAll(store, relay);
      equal(await shown(), 'of the higher replica', 'acknowledged');
    },
  },
  {
    name: 'the last message found anew is the same as the one kept up to date, blocks and all',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 600; i++) fromAna(relay, november, message(ana, t0 + i, `m${i}`));
      fromAna(relay, november, {
        kind: 'edit',
        by: ana,
        at: t0 + 9_000,
        target: eventId(november, hers, 599),
        text: 'edited',
      });
      await store.applyDelta(relay.delta(0));
      await store.compact(group, november);
      const kept = await store.conversation(group);
      await store.close();
      const row = await raw('readonly', 'conversations', (table) => table.get(group));
      await raw('readwrite', 'conversations', (table) => table.put({ ...row, last: null, lastStale: true }));
      equal(await (await open()).conversation(group), kept);
    },
  },
  {
    name: '[E1] what is unread follows from the messages and the read state, which never goes back',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store, record(group, { joinedSeq: 1 }));
      fromAna(
        relay,
        november,
        message(ana, t0, 'before I came'),
        message(ana, t0 + 1, 'one'),
        message(ana, t0 + 2, 'two'),
        message(ana, t0 + 3, 'three'),
      );
      await store.append(group, november, mine, message(me, t0 + 4, 'mine'));
      await store.applyDelta(relay.delta(0));
      await pushAll(store, relay);
      equal([(await store.conversation(group))?.unread, await firstUnread(store)], [3, eventId(november, hers, 1)]);
      await store.markRead(group, { seq: 0, above: { '2026-11/9': 1 } });
      equal(
        [(await store.conversation(group))?.unread, await firstUnread(store)],
        [2, eventId(november, hers, 2)],
        'one read',
      );
      await store.markRead(group, { seq: 3, above: {} });
      equal((await store.conversation(group))?.unread, 1, 'up to the third');
      await store.markRead(group, { seq: 1, above: {} });
      equal((await store.conversation(group))?.unread, 1, 'an older state');
      equal((await store.conversation(group))?.record.read, { seq: 3, above: { '2026-11/9': 1 } });
      equal((await store.conversation(group))?.readUnsent, true, 'a receipt is due');
      await store.applyChanges(
        changes({ conversations: [record(group, { joinedSeq: 1, read: { seq: 4, above: { '2026-11/9': 1 } } })] }),
        'epoch-1',
      );
      equal([(await store.conversation(group))?.unread, await firstUnread(store)], [0, null], 'read on another device');
      equal((await store.conversation(group))?.readUnsent, false, 'no receipt is due');
    },
  },
  {
    name: 'reactions and edits are never unread, and a deleted message is no longer',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const target = eventId(november, hers, 0);
      fromAna(
        relay,
        november,
        message(ana, t0, 'one'),
        { kind: 'react', by: ana, at: t0 + 1, target, emoji: '👍', on: true },
        { kind: 'edit', by: ana, at: t0 + 2, target, text: 'uno' },
      );
      await store.applyDelta(relay.delta(0));
      equal((await store.conversation(group))?.unread, 1);
      const before = relay.head;
      fromAna(relay, november, { kind: 'delete', by: ana, at: t0 + 3, target, targetBy: ana, targetAt: t0 });
      await store.applyDelta(relay.delta(before));
      equal((await store.conversation(group))?.unread, 0);
    },
  },
  {
    name: 'a draft is kept with its reply, and goes',
    async run({ open }) {
      const store = await open();
      await settled(store);
      const draft = { text: 'half a sen', replyTo: eventId(november, hers, 0), at: t0 };
      await store.saveDraft(group, draft);
      await store.close();
      const again = await open();
      equal((await again.conversation(group))?.draft, draft);
      await again.saveDraft(group, null);
      equal((await again.conversation(group))?.draft, null);
    },
  },
];
