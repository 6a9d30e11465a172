import { afterEach, describe, expect, test, vi } from 'vitest';
import fc from 'fast-check';
import { eventId, type SegmentName } from '#schema/ids.ts';
import type { Timeline, TimelineWindow } from '#client/services/device.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
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
  pushAll,
  settled,
  t0,
} from '#tests/contracts/device-store/world.ts';
import { openMemoryStore } from '#tests/support/memory-store.ts';
import type { RelayModel } from '#tests/support/relay-model.ts';
import { openTimelineReader } from './timeline-reader.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(messages: number, read = true): Promise<{ store: DeviceStore; relay: RelayModel }> {
  const store = await openMemoryStore();
  closing.push(() => store.close());
  const relay = await settled(store);
  for (let i = 0; i < messages; i++) fromAna(relay, november, message(ana, t0 + i * 1_000, `m${i}`));
  if (read) await store.markRead(group, { seq: messages, above: {} });
  await store.applyDelta(relay.delta(0));
  await store.compact(group, november);
  return { store, relay };
}

function open(store: DeviceStore, want: (segment: SegmentName) => void = () => undefined): Timeline {
  const timeline = openTimelineReader({
    store,
    user: me,
    conversation: group,
    want,
    failed(error) {
      throw error;
    },
  });
  closing.push(() => timeline.close());
  return timeline;
}

/** Resolves with the window once it is as asked for. */
function until(timeline: Timeline, wanted: (window: TimelineWindow) => boolean): Promise<TimelineWindow> {
  return new Promise((resolve) => {
    const look = (): void => {
      const window = timeline.window.get();
      if (!wanted(window)) return;
      end();
      resolve(window);
    };
    const end = timeline.window.subscribe(look);
    look();
  });
}

const ready = (timeline: Timeline): Promise<TimelineWindow> => until(timeline, ({ status }) => status === 'ready');
const texts = (timeline: Timeline): string[] => timeline.window.get().messages.map(({ text }) => text);
const between = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `m${from + i}`);

describe('a timeline', () => {
  test('opens at the newest messages and grows to the oldest, letting go at the far end', async () => {
    const { store } = await setUp(1_300);
    const timeline = open(store);
    await ready(timeline);
    expect(texts(timeline)).toEqual(between(1_200, 1_300));
    expect(timeline.window.get()).toMatchObject({ older: 'more', newer: 'none', firstUnread: null });
    await timeline.loadOlder();
    expect(texts(timeline)).toEqual(between(1_100, 1_300));
    for (let i = 0; i < 11; i++) await timeline.loadOlder();
    expect(texts(timeline)).toEqual(between(0, 600));
    expect(timeline.window.get()).toMatchObject({ older: 'none', newer: 'more' });
    for (let i = 0; i < 7; i++) await timeline.loadNewer();
    expect(texts(timeline)).toEqual(between(700, 1_300));
    expect(timeline.window.get()).toMatchObject({ older: 'more', newer: 'none' });
  });

  test('opens at the first unread message, with some that were read before it', async () => {
    const { store } = await setUp(900, false);
    await store.markRead(group, { seq: 400, above: {} });
    const timeline = open(store);
    const window = await ready(timeline);
    expect(texts(timeline)).toEqual(between(360, 500));
    expect(window.firstUnread).toBe(eventId(november, hers, 400));
    await store.markRead(group, { seq: 900, above: {} });
    await timeline.loadNewer();
    expect(timeline.window.get().firstUnread).toBe(window.firstUnread);
  });

  test('follows what is written, acknowledged and received; what did not change is the same object', async () => {
    const { store, relay } = await setUp(10);
    const timeline = open(store);
    await ready(timeline);
    const before = timeline.window.get().messages;
    await store.append(group, november, mine, message(me, t0 + 60_000, 'mine'));
    const local = await until(timeline, ({ messages }) => messages.length === 11);
    expect(local.messages.at(-1)).toMatchObject({ text: 'mine', own: true, state: 'local' });
    expect(local.messages.slice(0, 10).every((one, i) => one === before[i])).toBe(true);
    await pushAll(store, relay);
    await until(timeline, ({ messages }) => messages.at(-1)?.state === 'sent');
    fromAna(relay, november, message(ana, t0 + 500, 'late'), {
      kind: 'edit',
      by: ana,
      at: t0 + 70_000,
      target: eventId(november, hers, 3),
      text: 'edited',
    });
    await store.applyDelta(relay.delta(11));
    await until(timeline, ({ messages }) => messages.length === 12 && messages[4]?.text === 'edited');
    expect(texts(timeline).slice(0, 6)).toEqual(['m0', 'late', 'm1', 'm2', 'edited', 'm4']);
    expect(timeline.window.get().messages[0]).toBe(before[0]);
  });

  test('[R9] a refused message stays in its place, with the reason', async () => {
    const { store } = await setUp(3);
    const timeline = open(store);
    await ready(timeline);
    const id = await store.append(group, november, mine, message(me, t0 + 1_500, 'refused'));
    const [entry] = await store.outbox(1);
    await store.refused(entry?.n ?? 0, 'forbidden-content', 'Not this.');
    const window = await until(timeline, ({ messages }) => messages.some(({ state }) => state === 'failed'));
    expect(window.messages.map(({ text }) => text)).toEqual(['m0', 'm1', 'refused', 'm2']);
    expect(window.messages[2]).toMatchObject({ id, own: true, state: 'failed', failure: 'Not this.' });
    await store.discardFailed(group, id);
    await until(timeline, ({ messages }) => messages.length === 3);
  });

  test('jumps to any message there is, and back to the newest', async () => {
    const { store } = await setUp(1_300);
    const timeline = open(store);
    await ready(timeline);
    expect(await timeline.jumpTo(eventId(november, hers, 100))).toBe(true);
    expect(texts(timeline)).toEqual(between(60, 200));
    expect(timeline.window.get()).toMatchObject({ older: 'more', newer: 'more' });
    expect(await timeline.jumpTo(eventId(november, hers, 9_999))).toBe(false);
    await timeline.jumpToLatest();
    expect(texts(timeline)).toEqual(between(1_200, 1_300));
    expect(timeline.window.get()).toMatchObject({ newer: 'none' });
  });

  test('what arrives while an older part is in view does not come into it', async () => {
    const { store, relay } = await setUp(900);
    const timeline = open(store);
    await ready(timeline);
    await timeline.jumpTo(eventId(november, hers, 100));
    const before = timeline.window.get();
    fromAna(relay, november, message(ana, t0 + 2_000_000, 'newest'));
    await store.applyDelta(relay.delta(900));
    await timeline.loadOlder();
    expect(texts(timeline)).toEqual(between(0, 200));
    expect(before.messages.every((one) => timeline.window.get().messages.includes(one))).toBe(true);
  });

  test('merging beneath an open timeline takes nothing out of it', async () => {
    const { store, relay } = await setUp(0);
    const timeline = open(store);
    await ready(timeline);
    for (let i = 0; i < 300; i++) fromAna(relay, november, message(ana, t0 + i * 1_000, `m${i}`));
    await store.applyDelta(relay.delta(0));
    await until(timeline, ({ messages }) => messages.length === 100);
    await timeline.loadOlder();
    await store.compact(group, november);
    fromAna(relay, november, message(ana, t0 + 300_000, 'm300'));
    await store.applyDelta(relay.delta(300));
    await until(timeline, ({ messages }) => messages.length === 201);
    expect(texts(timeline)).toEqual(between(100, 301));
  });

  test('[C6] a month that is still to be fetched is asked for first, and shown when it comes', async () => {
    const store = await openMemoryStore();
    closing.push(() => store.close());
    const relay = await settled(store);
    for (let i = 0; i < 700; i++) fromAna(relay, november, message(ana, t0 + i * 1_000, `m${i}`));
    fromAna(relay, december, message(ana, Date.UTC(2026, 11, 1), 'december'));
    await store.markRead(group, { seq: 701, above: {} });
    await store.beginHydration(group, relay.head, relay.segments());
    const want = vi.fn();
    const timeline = open(store, want);
    await vi.waitFor(() => expect(want).toHaveBeenCalledWith(december));
    expect(timeline.window.get()).toMatchObject({ status: 'loading' });
    await store.putSegment(group, december, relay.bundle(december));
    const window = await until(timeline, ({ messages, older }) => messages.length === 1 && older === 'fetching');
    expect(window.status).toBe('ready');
    await vi.waitFor(() => expect(want).toHaveBeenCalledWith(november));
    await store.putSegment(group, november, relay.bundle(november));
    await until(timeline, ({ messages }) => messages.length >= 100);
    expect(texts(timeline).slice(-100)).toEqual([...between(601, 700), 'december']);
    expect(timeline.window.get().older).toBe('more');
  });

  test('a new month goes on where the last one ended', async () => {
    const { store, relay } = await setUp(5);
    const timeline = open(store);
    await ready(timeline);
    fromAna(relay, december, message(ana, Date.UTC(2026, 11, 1), 'december'));
    await store.applyDelta(relay.delta(5));
    await until(timeline, ({ messages }) => messages.at(-1)?.text === 'december');
    expect(texts(timeline)).toEqual([...between(0, 5), 'december']);
  });

  test('nothing is told after it was closed', async () => {
    const { store } = await setUp(5);
    const timeline = open(store);
    await ready(timeline);
    const heard = vi.fn();
    timeline.window.subscribe(heard);
    timeline.close();
    await store.append(group, november, mine, message(me, t0 + 60_000, 'mine'));
    await timeline.loadOlder();
    expect(heard).not.toHaveBeenCalled();
  });

  test('[R10] whatever happens, the window is a stretch of the one timeline', async () => {
    const step = fc.oneof(
      fc.constant({ act: 'older' as const }),
      fc.constant({ act: 'newer' as const }),
      fc.constant({ act: 'latest' as const }),
      fc.constant({ act: 'compact' as const }),
      fc.record({ act: fc.constant('jump' as const), to: fc.nat(1_400) }),
      fc.record({ act: fc.constant('late' as const), at: fc.nat(1_400_000) }),
      fc.record({ act: fc.constant('delete' as const), target: fc.nat(1_200) }),
      fc.record({ act: fc.constant('own' as const), at: fc.nat(2_000_000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { store, relay } = await setUp(1_300);
        const timeline = open(store);
        await ready(timeline);
        for (const one of steps) {
          if (one.act === 'older') await timeline.loadOlder();
          if (one.act === 'newer') await timeline.loadNewer();
          if (one.act === 'latest') await timeline.jumpToLatest();
          if (one.act === 'compact') await store.compact(group, november);
          if (one.act === 'jump') await timeline.jumpTo(eventId(november, hers, one.to));
          if (one.act === 'late') fromAna(relay, november, message(ana, t0 + one.at, `late ${one.at}`));
          if (one.act === 'delete') {
            const target = eventId(november, hers, one.target);
            fromAna(relay, november, {
              kind: 'delete',
              by: ana,
              at: t0 + 9_000_000,
              target,
              targetBy: ana,
              targetAt: t0 + one.target * 1_000,
            });
          }
          if (one.act === 'own') {
            await store.append(group, november, mine, message(me, t0 + one.at, `own ${one.at}`));
            await pushAll(store, relay);
          }
          await store.applyDelta(relay.delta((await store.conversation(group))?.cursor ?? 0));
        }
        await timeline.loadOlder();
        const all = relay.timeline().map(({ id, text, deleted }) => `${id} ${text} ${deleted}`);
        const { messages, older, newer } = timeline.window.get();
        const shown = messages.map(({ id, text, deleted }) => `${id} ${text} ${deleted}`);
        const start = all.indexOf(shown[0] ?? '');
        expect(shown).toEqual(all.slice(start, start + shown.length));
        expect(older).toBe(start === 0 ? 'none' : 'more');
        expect(newer).toBe(start + shown.length === all.length ? 'none' : 'more');
        await store.close();
      }),
      { numRuns: 120 },
    );
  }, 400_000);
});
