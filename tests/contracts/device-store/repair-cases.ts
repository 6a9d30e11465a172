import { eventId } from '#schema/ids.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { equal } from './check.ts';
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
  timeline,
} from './world.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Half an hour into December. */
const inDecember = Date.UTC(2026, 11, 1) + hour / 2;

export const repairCases: readonly StoreCase[] = [
  {
    name: '[D9] what lies in the future is given its right time in place, and may go out again',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, t0, 'right'));
      await store.append(group, november, mine, message(me, t0 + 3 * hour, 'ahead'));
      await store.markAttempted((await store.outbox(10)).map(({ n }) => n));
      await store.retime(3 * hour, t0 + 5 * minute);
      equal(
        (await timeline(store)).map(({ text, at }) => ({ text, at })),
        [
          { text: 'right', at: t0 },
          { text: 'ahead', at: t0 },
        ],
      );
      equal(
        (await store.outbox(10)).map(({ clock, attempted }) => ({ clock, attempted })),
        [
          { clock: 0, attempted: true },
          { clock: 1, attempted: false },
        ],
      );
      await pushAll(store, relay);
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[D9] a time is put at the latest that is allowed when the shift is not enough',
    async run({ open }) {
      const store = await open();
      await settled(store);
      await store.append(group, november, mine, message(me, t0 + 3 * hour, 'ahead'));
      await store.retime(hour, t0);
      equal(
        (await timeline(store)).map(({ at }) => at),
        [t0],
      );
    },
  },
  {
    name: '[D5] what was written into a month that has not begun moves to the right one, with all that refers to it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      await store.append(group, november, mine, message(me, inDecember - 2 * hour, 'in time'));
      const early = await store.append(group, december, mine, message(me, inDecember, 'early'));
      await store.append(group, december, mine, {
        kind: 'react',
        by: me,
        at: inDecember + 1,
        target: early,
        emoji: '👍',
        on: true,
      });
      await store.append(group, december, mine, message(me, inDecember + 2, 'reply', early));
      await store.saveDraft(group, { text: 'about it', replyTo: early, at: inDecember });
      const latest = inDecember - hour + 2 * minute;
      await store.retime(hour, latest);
      const moved = eventId(november, mine, 1);
      equal(
        (await store.outbox(10)).map(({ segment, clock }) => `${segment}.${clock}`),
        ['2026-11.0', '2026-11.1', '2026-11.2', '2026-11.3'],
      );
      equal(await texts(store), ['in time', 'early', 'reply']);
      const [, second, third] = await timeline(store);
      equal([second?.id, second?.reactions, third?.replyTo], [moved, [{ emoji: '👍', by: [me] }], moved]);
      equal((await store.conversation(group))?.draft?.replyTo, moved, 'the draft');
      await pushAll(store, relay);
      equal(await timeline(store), relay.timeline());
      // The places in December were given back: its first clock is free.
      equal(await store.append(group, december, mine, message(me, inDecember + hour, 'december')), '2026-12.7.0');
    },
  },
  {
    name: '[D9] what is about a message that was taken back leaves a month that has not begun with it',
    async run({ open }) {
      const store = await open();
      await settled(store);
      const id = await store.append(group, december, mine, message(me, inDecember, 'taken back'));
      await store.replaceUnsent(group, id, { kind: 'empty', by: me, at: inDecember });
      const about = { kind: 'react' as const, by: me, target: id, emoji: '👍', on: true };
      await store.append(group, december, mine, { ...about, at: inDecember + 1 });
      await store.append(group, december, mine, message(me, inDecember + 2, 'kept'));
      await store.retime(hour, inDecember - hour);
      equal(
        (await store.outbox(10)).map(({ segment, clock }) => `${segment}.${clock}`),
        ['2026-11.0'],
      );
      equal(await texts(store), ['kept']);
    },
  },
  {
    name: '[D2] a place left in the middle of a chain is filled',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const start = Date.UTC(2026, 11, 1);
      await store.append(group, december, mine, message(me, start + 30 * minute, 'ahead'));
      await store.append(group, december, mine, message(me, start + 10, 'right, after the clock was corrected'));
      await store.retime(31 * minute, start + minute);
      equal(await texts(store), ['ahead', 'right, after the clock was corrected']);
      equal(
        (await store.outbox(10)).map(({ segment, clock }) => `${segment}.${clock}`),
        ['2026-12.0', '2026-12.1', '2026-11.0'],
      );
      await pushAll(store, relay);
      equal(await store.outbox(10), [], 'outbox');
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[P3] what was not acknowledged of a retired replica is written again under another, with all that refers to it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const sent = await store.append(group, november, mine, message(me, t0, 'sent'));
      await pushAll(store, relay);
      const stuck = await store.append(group, november, mine, message(me, t0 + 1, 'stuck'));
      await store.append(group, november, mine, {
        kind: 'edit',
        by: me,
        at: t0 + 2,
        target: stuck,
        text: 'stuck, edited',
      });
      await store.append(group, november, mineToo, {
        kind: 'react',
        by: me,
        at: t0 + 3,
        target: stuck,
        emoji: '👍',
        on: true,
      });
      await store.append(group, november, mineToo, message(me, t0 + 4, 'a reply', stuck));
      await store.markAttempted((await store.outbox(10)).map(({ n }) => n).slice(0, 3));
      await store.rewriteUnsent(mine, mineToo);
      equal(
        (await timeline(store)).map(({ id, text, at }) => ({ id, text, at })),
        [
          { id: sent, text: 'sent', at: t0 },
          { id: eventId(november, mineToo, 2), text: 'stuck, edited', at: t0 + 1 },
          { id: eventId(november, mineToo, 1), text: 'a reply', at: t0 + 4 },
        ],
      );
      equal(
        (await timeline(store)).map(({ replyTo }) => replyTo),
        [null, null, eventId(november, mineToo, 2)],
      );
      equal(
        (await store.replicas()).filter(({ retired }) => retired).map(({ replica }) => replica),
        [mine],
      );
      equal(await unknownTargets(store), [], 'references to what comes later in the outbox');
      await pushInChains(store, relay);
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[P3] emptied places of a retired replica are forgotten',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      const id = await store.append(group, november, mine, message(me, t0, 'taken back'));
      await store.append(group, november, mine, message(me, t0 + 1, 'stays'));
      await store.replaceUnsent(group, id, { kind: 'empty', by: me, at: t0 });
      await store.rewriteUnsent(mine, mineToo);
      equal(
        (await store.outbox(10)).map(({ replica, clock }) => [replica, clock]),
        [[mineToo, 0]],
      );
      await pushAll(store, relay);
      equal(await texts(store), ['stays']);
      fromAna(relay, november, message(ana, t0 + 2, 'ok'));
      equal(await store.applyDelta(relay.delta(1)), { cursor: 2, applied: true });
    },
  },
  {
    name: '[P1] granted replicas are kept, and stay retired',
    async run({ open }) {
      const store = await open();
      await store.addReplicas([mine, mineToo]);
      await store.retireReplica(mine);
      await store.addReplicas([mine]);
      equal(await store.replicas(), [
        { replica: mine, retired: true },
        { replica: mineToo, retired: false },
      ]);
    },
  },
];

/** References of waiting events to events that come later in the outbox. */
async function unknownTargets(store: DeviceStore): Promise<string[]> {
  const entries = await store.outbox(100);
  const ids = entries.map(({ segment, replica, clock }) => eventId(segment, replica, clock) as string);
  return entries.flatMap(({ bytes }, i) => {
    const target = (decodeUpdate(bytes).elements[0]?.value as { target?: string } | undefined)?.target;
    return target !== undefined && ids.indexOf(target) > i ? [target] : [];
  });
}

/** Pushes again and again what the relay can take: chains may stand in the outbox in any order. */
async function pushInChains(store: DeviceStore, relay: Parameters<typeof pushAll>[1]): Promise<void> {
  for (let i = 0; i < 5; i++) await pushAll(store, relay);
}
