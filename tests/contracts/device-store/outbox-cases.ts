import { equal, truthy } from './check.ts';
import type { StoreCase } from './store-case.ts';
import {
  ana,
  changes,
  fromAna,
  group,
  me,
  message,
  mine,
  mineToo,
  november,
  otherGroup,
  pushAll,
  record,
  settled,
  t0,
  texts,
  timeline,
} from './world.ts';

export const outboxCases: readonly StoreCase[] = [
  {
    name: 'the outbox is read oldest first, some at a time',
    async run({ open }) {
      const store = await open();
      await settled(store);
      for (let i = 0; i < 5; i++) await store.append(group, november, mine, message(me, t0 + i, `m${i}`));
      const first = await store.outbox(2);
      equal(
        first.map(({ clock }) => clock),
        [0, 1],
      );
      equal(
        (await store.outbox(10, first[1]?.n)).map(({ clock }) => clock),
        [2, 3, 4],
      );
      equal((await store.outboxSize()).updates, 5, 'size');
    },
  },
  {
    name: 'hundreds of own events are attempted, rewritten and acknowledged at once',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await Promise.all(
        Array.from({ length: 250 }, (_, i) => store.append(group, november, mine, message(me, t0 + i, `m${i}`))),
      );
      await store.rewriteUnsent(mine, mineToo);
      await store.retime(10, t0 + 200);
      equal((await store.outbox(1_000)).length, 250, 'outbox');
      await pushAll(store, relay);
      equal(await store.outbox(10), [], 'outbox');
      equal((await timeline(store)).length, 250, 'messages');
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[R11] what waits for a conversation that is pending, or that refuses this user, blocks nothing else',
    async run({ open }) {
      const store = await open();
      await settled(store);
      await store.enqueueCommand(command('k1'), { conversation: record(otherGroup) });
      await store.append(otherGroup, november, mine, message(me, t0, 'for later'));
      await store.append(group, november, mine, message(me, t0, 'now'));
      equal(
        (await store.outbox(10)).map(({ conversation }) => conversation),
        [group],
        'while pending',
      );
      equal((await store.outboxSize()).updates, 2, 'all that waits');
      const [waiting] = await store.commands();
      truthy(waiting, 'a command');
      await store.commandDone(waiting.n, null);
      equal(
        (await store.outbox(10)).map(({ conversation }) => conversation),
        [otherGroup, group],
        'once confirmed',
      );
      await store.applyChanges(changes({ conversations: [record(group, { left: true })] }), 'epoch-1');
      equal(
        (await store.outbox(10)).map(({ conversation }) => conversation),
        [otherGroup, group],
        'once left: only the refusal tells why (R9)',
      );
      const refused = (await store.outbox(10)).find(({ conversation }) => conversation === group);
      truthy(refused, 'what waits for the group');
      await store.refused(refused.n, 'not-a-member', 'You were removed from this group.');
      equal(
        (await store.outbox(10)).map(({ conversation }) => conversation),
        [otherGroup],
        'once refused',
      );
    },
  },
  {
    name: '[R3] an ack gives the message its seq and moves the cursor over it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, t0, 'a'));
      await store.append(group, november, mine, message(me, t0 + 1, 'b'));
      equal(
        (await timeline(store)).map(({ seq }) => seq),
        [null, null],
      );
      await pushAll(store, relay);
      equal(
        (await timeline(store)).map(({ seq }) => seq),
        [1, 2],
      );
      const stored = await store.conversation(group);
      equal([stored?.cursor, stored?.head, stored?.lastMessage?.seq], [2, 2, 2]);
    },
  },
  {
    name: '[R7] an ack ahead of deltas does not move the cursor over what is missing; the deltas then do',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'hers'), message(ana, t0 + 1, 'hers too'));
      await store.append(group, november, mine, message(me, t0 + 2, 'mine'));
      await pushAll(store, relay);
      fromAna(relay, november, message(ana, t0 + 3, 'last'));
      equal((await store.conversation(group))?.cursor, 0, 'after the ack');
      equal(await store.applyDelta(relay.delta(3)), { cursor: 0, applied: false }, 'a live delta beyond the gap');
      equal(await store.applyDelta(relay.delta(0, 2)), { cursor: 3, applied: true }, 'the gap filled');
      equal(await store.applyDelta(relay.delta(3)), { cursor: 4, applied: true });
      equal(await texts(store), ['hers', 'hers too', 'mine', 'last']);
    },
  },
  {
    name: '[R6] an own update whose ack was lost is acknowledged by the delta that brings it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, t0, 'mine'));
      const [entry] = await store.outbox(1);
      truthy(entry, 'an entry');
      await store.markAttempted([entry.n]);
      relay.commit(november, entry.bytes);
      await store.applyDelta(relay.delta(0));
      equal(await store.outbox(10), [], 'outbox');
      equal(
        (await timeline(store)).map(({ seq, text }) => ({ seq, text })),
        [{ seq: 1, text: 'mine' }],
      );
      await store.acknowledged([{ n: entry.n, seq: 1, to: 1 }]);
      equal((await timeline(store)).length, 1, 'after the late ack');
      equal((await store.segment(group, november)).rows.length, 1, 'rows');
    },
  },
  {
    name: '[D7] the ack of a deletion takes the content away, as the delta does at the others',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const target = await store.append(group, november, mine, message(me, t0, 'oops'));
      await pushAll(store, relay);
      await store.append(group, november, mine, {
        kind: 'delete',
        by: me,
        at: t0 + 5,
        target,
        targetBy: me,
        targetAt: t0,
      });
      await pushAll(store, relay);
      equal(relay.head, 3, 'head');
      equal((await store.conversation(group))?.cursor, 3, 'cursor');
      equal(await texts(store), ['(deleted)']);
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[R9] a refusal keeps the text as failed, and the place goes out empty',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const id = await store.append(group, november, mine, message(me, t0, 'refused'));
      await store.append(group, november, mine, message(me, t0 + 1, 'fine'));
      const [entry] = await store.outbox(1);
      truthy(entry, 'an entry');
      await store.markAttempted([entry.n]);
      await store.refused(entry.n, 'forbidden-content', 'Not this.');
      await store.refused(entry.n, 'forbidden-content', 'Not this.');
      equal(await store.failed(group), [
        { conversation: group, id, event: message(me, t0, 'refused'), code: 'forbidden-content', message: 'Not this.' },
      ]);
      equal(
        (await store.outbox(10)).map(({ clock, attempted }) => ({ clock, attempted })),
        [
          { clock: 0, attempted: false },
          { clock: 1, attempted: false },
        ],
      );
      equal(await texts(store), ['fine']);
      await pushAll(store, relay);
      equal(await store.outbox(10), [], 'outbox');
      await store.discardFailed(group, id);
      equal(await store.failed(group), [], 'failed');
    },
  },
  {
    name: '[R9] being no member refuses all that waits for the conversation, and holds it back until one is a member again',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, t0, 'one'));
      await store.append(group, november, mine, message(me, t0 + 1, 'two'));
      const [entry] = await store.outbox(1);
      truthy(entry, 'an entry');
      await store.refused(entry.n, 'not-a-member', 'You were removed from this group.');
      equal(
        (await store.failed(group)).map(({ event }) => 'text' in event && event.text),
        ['one', 'two'],
      );
      equal(await store.outbox(10), [], 'outbox');
      equal((await store.conversation(group))?.lastMessage?.failed, true, 'the last message');
      await store.applyChanges(changes({ conversations: [record()] }), 'epoch-1');
      equal((await store.outbox(10)).length, 2, 'the emptied places');
      await pushAll(store, relay);
      equal(await store.append(group, november, mine, message(me, t0 + 2, 'three')), '2026-11.7.2');
      await pushAll(store, relay);
      equal(relay.head, 3, 'head');
    },
  },
];

export function command(key: string, creates: typeof otherGroup | null = otherGroup) {
  return {
    key,
    method: 'POST' as const,
    path: '/api/conversations',
    body: { kind: 'group' },
    title: 'New group',
    creates,
  };
}
