/** N3 on a device: what was deleted for everyone leaves its disk, and does so soon. */
import type { EventId } from '#schema/ids.ts';
import { eventId } from '#schema/ids.ts';
import type { KnownEvent } from '#schema/segment/events.ts';
import { equal } from './check.ts';
import type { StoreCase, StoreKit } from './store-case.ts';
import {
  ana,
  fromAna,
  group,
  hers,
  me,
  message,
  mine,
  november,
  pushAll,
  settled,
  t0,
  texts,
  timeline,
} from './world.ts';

export const deletionCases: readonly StoreCase[] = [
  {
    name: '[N3] deleted content is nowhere on the device once the segment was merged: neither the message’s nor its edits’',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'keep this'), message(ana, t0 + 1, 'secret'));
      fromAna(relay, november, edit(hers, 1, 'a better secret'), edit(hers, 0, 'keep that'), deletion(hers, 1));
      await store.applyDelta(relay.delta(0));
      equal((await everything(raw)).includes('secret'), true, 'before');
      await store.compact(group, november);
      const left = await everything(raw);
      equal(
        ['keep this', 'keep that', 'secret'].map((text) => left.includes(text)),
        [true, true, false],
      );
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[N3] a deletion finds what was merged long before it, and so does an edit that comes after the deletion',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 1_100; i++) fromAna(relay, november, message(ana, t0 + i * 10, `m${i}`));
      fromAna(relay, november, edit(hers, 700, 'secret'));
      await store.applyDelta(relay.delta(0));
      await store.compact(group, november);
      equal((await everything(raw)).includes('secret'), true, 'before');
      for (const event of [deletion(hers, 700), edit(hers, 700, 'another secret')]) {
        const after = relay.head;
        fromAna(relay, november, event);
        await store.applyDelta(relay.delta(after));
        await store.compact(group, november);
        equal((await store.segment(group, november)).rows, [], 'rows');
        equal((await everything(raw)).includes('secret'), false, event.kind);
        equal(await timeline(store), relay.timeline());
      }
    },
  },
  {
    name: '[N3] an own edit that was on its way when its message was deleted goes with its ack',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      const id = await store.append(group, november, mine, message(me, t0, 'secret'));
      await pushAll(store, relay);
      fromAna(relay, november, { ...deletion(mine, 0), targetBy: me });
      await store.applyDelta(relay.delta(1));
      await store.compact(group, november);
      await store.append(group, november, mine, {
        kind: 'edit',
        by: me,
        at: t0 + 5,
        target: id,
        text: 'another secret',
      });
      await store.compact(group, november);
      equal((await store.outbox(10)).length, 1, 'it waits');
      await pushAll(store, relay);
      await store.compact(group, november);
      equal((await everything(raw)).includes('secret'), false);
      equal(await texts(store), ['(deleted)']);
    },
  },
  {
    name: '[N3] a deletion that comes while the segment is being merged is not forgotten',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a secret'), message(ana, t0 + 1, 'another'), deletion(hers, 0));
      await store.applyDelta(relay.delta(0));
      fromAna(relay, november, deletion(hers, 1));
      const merging = store.compact(group, november);
      await store.applyDelta(relay.delta(4));
      await merging;
      equal((await store.segment(group, november)).rows.length, 2, 'it came in between');
      await store.compact(group, november);
      equal((await everything(raw)).includes('another'), false);
    },
  },
  {
    name: '[N3] a bundle that still holds the edits is stored without them',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'secret'), edit(hers, 0, 'a better secret'), message(ana, t0 + 1, 'b'));
      await store.applyDelta(relay.delta(0));
      equal((await store.conversation(group))?.lastMessage?.text, 'b');
      fromAna(relay, november, deletion(hers, 0), deletion(hers, 2));
      await store.applyDelta(relay.deltaAfterMerge(3, [november]));
      await store.putSegment(group, november, relay.bundle(november));
      equal((await everything(raw)).includes('secret'), false);
      equal((await store.conversation(group))?.lastMessage?.text, '');
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: '[N3] [C6] an edit that is here before the bundle in which its message is deleted goes soon after it',
    async run({ open, raw }) {
      const store = await open();
      const relay = await settled(store);
      fromAna(relay, november, message(ana, t0, 'a'), message(ana, t0 + 1, 'b'), deletion(hers, 0));
      const fetched = relay.bundle(november);
      const { head } = relay;
      await store.beginHydration(group, head, relay.segments());
      fromAna(relay, november, edit(hers, 0, 'secret'));
      await store.applyDelta(relay.delta(head));
      equal(await store.putSegment(group, november, fetched), true);
      await store.compact(group, november);
      equal((await everything(raw)).includes('secret'), false);
      equal(await timeline(store), relay.timeline());
    },
  },
  {
    name: 'an edit is left alone where nothing was deleted: merging it is not worth it',
    async run({ open }) {
      const store = await open();
      const relay = await settled(store);
      for (let i = 0; i < 300; i++) fromAna(relay, november, message(ana, t0 + i, `m${i}`));
      await store.applyDelta(relay.delta(0));
      await store.compact(group, november);
      fromAna(relay, november, edit(hers, 7, 'edited'));
      await store.applyDelta(relay.delta(300));
      await store.compact(group, november);
      equal((await store.segment(group, november)).rows.length, 1);
    },
  },
];

function edit(replica: number, clock: number, text: string): KnownEvent {
  return { kind: 'edit', by: ana, at: t0 + 20_000, target: eventId(november, replica, clock), text };
}

function deletion(replica: number, clock: number): KnownEvent & { readonly kind: 'delete' } {
  const target: EventId = eventId(november, replica, clock);
  return { kind: 'delete', by: ana, at: t0 + 20_001, target, targetBy: ana, targetAt: t0 + clock };
}

const tables = ['meta', 'conversations', 'segments', 'merged', 'rows', 'outbox', 'unread', 'failed', 'damaged'];

/** All that is on the disk about conversations, as text: blocks inflated, bytes as they are. */
async function everything(raw: StoreKit['raw']): Promise<string> {
  const parts: string[] = [];
  for (const table of tables) {
    for (const value of await raw('readonly', table, (store) => store.getAll() as IDBRequest<unknown[]>))
      parts.push(value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value));
  }
  const blocks = await raw('readonly', 'blocks', (store) => store.getAll() as IDBRequest<Uint8Array<ArrayBuffer>[]>);
  for (const block of blocks)
    parts.push(
      await new Response(new Blob([block]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text(),
    );
  return parts.join('\n');
}
