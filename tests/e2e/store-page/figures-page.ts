/** What the store and the timeline cost in a browser, measured where they live: in a worker. */
import { createDeviceStore } from '#client/store/create-device-store.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { openTimelineReader } from '#client/readers/timeline-reader.ts';
import { searchScan } from '#client/readers/search-scan.ts';
import { segmentOf, type ConversationId, type SegmentName } from '#schema/ids.ts';
import { encodeBundle, type SeqRun } from '#schema/segment/segment-bundle.ts';
import { encodeAppend, encodePlaces } from '#schema/segment/update-codec.ts';
import {
  ana,
  changes,
  group,
  hers,
  me,
  message,
  mine,
  record,
  t0,
  thisDevice,
} from '#tests/contracts/device-store/world.ts';

/** What is asked of the worker: a figure's name and what it needs. */
type Question =
  | { readonly figure: 'append'; readonly count: number }
  | { readonly figure: 'raw'; readonly count: number }
  | { readonly figure: 'fill'; readonly messages: number; readonly months: number; readonly texts: readonly string[] }
  | { readonly figure: 'open' }
  | { readonly figure: 'deltas'; readonly texts: readonly string[] }
  | { readonly figure: 'search'; readonly query: string };

declare global {
  interface Window {
    /** Asks the worker; each answer is an object of figures. */
    measure(question: Question): Promise<Record<string, number>>;
  }
}

const open = (): Promise<DeviceStore> =>
  createDeviceStore({
    kind: 'indexeddb',
    user: me,
    device: thisDevice,
    environment: { indexedDB, IDBKeyRange },
    channel: (name) => new BroadcastChannel(name),
    now: Date.now,
  });

const quantile = (sorted: readonly number[], of: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? 0;

async function known(store: DeviceStore): Promise<void> {
  if (await store.conversation(group)) return;
  await store.applyChanges(changes({ complete: true, conversations: [record()] }), 'epoch-1');
  await store.beginHydration(group, 0, []);
}

/** Enter → durable: each message waits for the one before. ms. */
async function measureAppend(count: number): Promise<Record<string, number>> {
  const store = await open();
  await known(store);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = performance.now();
    await store.append(group, segmentOf(t0), mine, message(me, t0 + i, `message number ${i} of those that are timed`));
    times.push(performance.now() - before);
  }
  await store.close();
  times.sort((one, other) => one - other);
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), max: quantile(times, 1) };
}

/** The least a durable write can cost here and now: one strict put, nothing around it. ms. */
async function measureRaw(count: number): Promise<Record<string, number>> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('raw', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('open failed'));
  });
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = performance.now();
    const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
    transaction.objectStore('rows').put(new Uint8Array(138), i);
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    times.push(performance.now() - before);
  }
  database.close();
  times.sort((one, other) => one - other);
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), max: quantile(times, 1) };
}

/** Hydrates months of messages from bundles. */
async function measureFill(
  messages: number,
  months: number,
  texts: readonly string[],
): Promise<Record<string, number>> {
  const store = await open();
  await store.applyChanges(
    changes({ complete: true, conversations: [record(group, { read: { seq: messages, above: {} } })] }),
    'epoch-1',
  );
  const names = Array.from({ length: months }, (_, i) => segmentOf(Date.UTC(2026, 10 - i, 5)));
  const perMonth = Math.ceil(messages / months);
  await store.beginHydration(
    group,
    messages,
    names.map((segment) => ({ segment, lastSeq: 1 })),
  );
  let first = 0;
  let all = 0;
  for (const [i, segment] of names.entries()) {
    const bundle = bundleOf(segment, perMonth, texts);
    const before = performance.now();
    await store.putSegment(group, segment, bundle);
    all += performance.now() - before;
    if (i === 0) first = all;
  }
  await store.close();
  return { newestMonth: first, all };
}

/** A month of messages by six people in turns. */
function bundleOf(segment: SegmentName, count: number, texts: readonly string[]): Uint8Array {
  const start = Date.parse(`${segment}-01T00:00:00Z`);
  const step = Math.floor((27 * 86_400_000) / count);
  const clocks = new Map<number, number>();
  const seqs: SeqRun[] = [];
  const places = Array.from({ length: count }, (_, i) => {
    const replica = hers + ((i * i) % 6);
    const clock = clocks.get(replica) ?? 0;
    clocks.set(replica, clock + 1);
    seqs.push({ seq: i + 1, replica, count: 1 });
    return {
      replica,
      clock,
      value: message(ana, start + i * step + ((i * 7_919) % 997), texts[i % texts.length] ?? 'hello'),
    };
  });
  places.sort((one, other) => one.replica - other.replica || one.clock - other.clock);
  return encodeBundle({ throughSeq: count, update: encodePlaces(places), seqs });
}

/** Click → first screen, with a database nobody has opened before. ms. */
async function measureOpen(): Promise<Record<string, number>> {
  const times: number[] = [];
  const cold: number[] = [];
  let shown = 0;
  for (let i = 0; i < 9; i++) {
    const begin = performance.now();
    const store = await open();
    const opened = performance.now();
    shown = await firstScreen(store, group);
    times.push(performance.now() - opened);
    cold.push(performance.now() - begin);
    await store.close();
  }
  const first = times[0] ?? 0;
  times.sort((one, other) => one - other);
  cold.sort((one, other) => one - other);
  return { first, p50: quantile(times, 0.5), max: quantile(times, 1), withDatabase: quantile(cold, 0.5), shown };
}

function firstScreen(store: DeviceStore, conversation: ConversationId): Promise<number> {
  return new Promise((resolve, reject) => {
    const timeline = openTimelineReader({ store, user: me, conversation, want: () => undefined, failed: reject });
    const look = (): void => {
      const { status, messages } = timeline.window.get();
      if (status !== 'ready') return;
      timeline.close();
      resolve(messages.length);
    };
    timeline.window.subscribe(look);
    look();
  });
}

/** Live deltas of one message each, and one of a thousand. ms per delta. */
async function measureDeltas(texts: readonly string[]): Promise<Record<string, number>> {
  const store = await open();
  await known(store);
  const cursor = (await store.conversation(group))?.cursor ?? 0;
  const segment = segmentOf(t0);
  const other = 50_000;
  const update = (i: number) => ({
    seq: cursor + i + 1,
    segment,
    update: encodeAppend(other, i, [message(ana, t0 + 20 * 86_400_000 + i, texts[i % texts.length] ?? 'hello')]),
  });
  const delta = (from: number, to: number) =>
    store.applyDelta({
      type: 'delta',
      conversation: group,
      after: cursor + from,
      through: cursor + to,
      head: cursor + to,
      updates: Array.from({ length: to - from }, (_, i) => update(from + i)),
      resyncSegments: [],
    });
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const before = performance.now();
    await delta(i, i + 1);
    times.push(performance.now() - before);
  }
  const before = performance.now();
  await delta(200, 1_200);
  const thousand = performance.now() - before;
  const merging = performance.now();
  await store.compact(group, segment);
  const compact = performance.now() - merging;
  await store.close();
  times.sort((one, another) => one - another);
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), thousand, compact };
}

async function measureSearch(query: string): Promise<Record<string, number>> {
  const store = await open();
  const before = performance.now();
  const hits = await searchScan(store, me, { query, conversation: null, limit: 50 });
  const ms = performance.now() - before;
  await store.close();
  return { ms, hits: hits.length };
}

function answer(question: Question): Promise<Record<string, number>> {
  switch (question.figure) {
    case 'append':
      return measureAppend(question.count);
    case 'raw':
      return measureRaw(question.count);
    case 'fill':
      return measureFill(question.messages, question.months, question.texts);
    case 'open':
      return measureOpen();
    case 'deltas':
      return measureDeltas(question.texts);
    case 'search':
      return measureSearch(question.query);
  }
}

if (typeof window === 'undefined') {
  self.onmessage = ({ data }: MessageEvent<Question>) => {
    void answer(data).then(
      (figures) => self.postMessage(figures),
      (error: unknown) => self.postMessage({ error: String(error) }),
    );
  };
} else {
  window.measure = (question) =>
    new Promise((resolve, reject) => {
      // A worker for each question, as a tab has one of its own: nothing is warm.
      const worker = new Worker('/page.js', { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<Record<string, number> & { error?: string }>) => {
        worker.terminate();
        if (data.error === undefined) resolve(data);
        else reject(new Error(data.error));
      };
      worker.postMessage(question);
    });
}
