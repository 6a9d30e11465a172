/**
 * An open conversation: a window over its history, in display order. It opens at the first unread message, or at the newest; it grows
 * at both ends and lets go at the far one; while it reaches to the newest it follows what arrives. One thing happens at a time.
 *
 * Cost: what is decoded is the updates beyond the merged past of the newest month, and a block or two of some hundred messages,
 * however long the conversation is.
 */
import type { ConversationId, EventId, SegmentName, UserId } from '#schema/ids.ts';
import { eventId, eventPlace } from '#schema/ids.ts';
import type { Timeline, TimelineMessage, TimelineWindow } from '#client/services/device.ts';
import type { DeviceStore, StoreChange } from '#client/store/device-store.ts';
import { createHistory, type Place } from './history.ts';
import { createTimelineMessages, placeOf } from './timeline-messages.ts';

/** Messages in view at the beginning, and by which the window grows. */
const STEP = 100;
/** Messages before the first unread one when the window opens there. */
const CONTEXT = 40;
/** Messages the window holds at the most when a person scrolls; then it lets go at the far end. */
const CAP = 600;
/** Messages it holds at the most when they arrive while the newest are in view. */
const LIVE_CAP = 5_000;

export interface TimelineReaderDeps {
  readonly store: DeviceStore;
  readonly user: UserId;
  readonly conversation: ConversationId;
  /** Somebody looks at a segment the device has not got: it is to be fetched first. */
  readonly want: (segment: SegmentName) => void;
  /** Reading failed; what is shown stays as it is. */
  readonly failed: (error: unknown) => void;
}

export function openTimelineReader(deps: TimelineReaderDeps): Timeline {
  const { store, conversation } = deps;
  const history = createHistory(store, conversation);
  const messages = createTimelineMessages(deps.user);
  const listeners = new Set<() => void>();
  let shown: TimelineWindow = { status: 'loading', messages: [], older: 'none', newer: 'none', firstUnread: null };
  let firstUnread: EventId | null = null;
  /** The window's ends; `first` null: from the oldest loaded; `last` null: to the newest. */
  let first: Place | null = null;
  let last: Place | null = null;
  let closed = false;
  let opened = false;

  // One thing at a time, in the order it was asked for.
  let queue: Promise<unknown> = Promise.resolve();
  function inTurn<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    const turn = queue.then(async () => {
      if (closed) return otherwise;
      try {
        return await act();
      } catch (error) {
        if (!closed) deps.failed(error);
        return otherwise;
      }
    });
    queue = turn;
    return turn;
  }

  /** The window's ends among the loaded messages. */
  const bounds = (): [number, number] => [
    first ? history.countBefore(first) : 0,
    last ? history.countBefore({ ...last, clock: last.clock + 1 }) : history.size(),
  ];

  function placeAt(index: number): Place | null {
    const [message] = history.slice(index, index + 1);
    return message ? placeOf(message) : null;
  }

  async function placed(message: EventId): Promise<Place | null> {
    const position = await store.locate(conversation, message);
    return position && { ...position, segment: eventPlace(message).segment };
  }

  async function show(): Promise<void> {
    const [from, to] = bounds();
    const plain = history.slice(from, to).map((message) => messages.of(message));
    const older = from > 0 ? 'more' : history.beyond('older');
    const newer = last !== null && (to < history.size() || history.beyond('newer') !== 'none') ? 'more' : 'none';
    const all = messages.withFailed(plain, older === 'none' ? null : first, newer === 'none' ? null : last);
    const status = all.length > 0 || !(await isComing(older)) ? 'ready' : 'loading';
    const wanted = from > 0 ? null : history.wanted();
    if (wanted !== null) deps.want(wanted);
    emit({ status, messages: all, older, newer, firstUnread });
  }

  /** Whether an empty window is empty because nothing has come yet. */
  async function isComing(older: TimelineWindow['older']): Promise<boolean> {
    if (older === 'fetching') return true;
    const stored = history.empty() ? await store.conversation(conversation) : null;
    return stored !== null && stored.cursor === null && !stored.pending;
  }

  function emit(next: TimelineWindow): void {
    if (closed || sameWindow(shown, next)) return;
    shown = next;
    for (const listener of [...listeners]) listener();
  }

  /** Loads at one end until the window can have `wanted` messages there, or there are no more. Gives how many there are. */
  async function reach(end: 'older' | 'newer', wanted: number): Promise<number> {
    const there = (): number => {
      const [from, to] = bounds();
      return end === 'older' ? from : history.size() - to;
    };
    // The first end may be open: then everything loaded is in the window, and it has to be pinned before more comes.
    if (end === 'older') first ??= placeAt(0);
    while (there() < wanted && (await history.extend(end)));
    return there();
  }

  async function openAtNewest(): Promise<void> {
    await history.open('newest');
    first = null;
    last = null;
    while (history.size() < STEP && (await history.extend('older')));
    first = placeAt(Math.max(0, history.size() - STEP));
    if (history.size() < STEP) first = null;
  }

  async function openAround(place: Place): Promise<boolean> {
    await history.open(place);
    first = place;
    last = place;
    await reach('older', CONTEXT);
    await reach('newer', STEP);
    const middle = history.countBefore(place);
    first = placeAt(Math.max(0, middle - CONTEXT));
    const end = middle + STEP;
    const reachesEnd = end >= history.size() && history.beyond('newer') === 'none';
    last = reachesEnd ? null : placeAt(Math.min(end, history.size()) - 1);
    return history.countBefore({ ...place, clock: place.clock + 1 }) > middle;
  }

  async function open(): Promise<void> {
    const [unread, failed] = await Promise.all([store.firstUnread(conversation), store.failed(conversation)]);
    firstUnread = unread && eventId(unread.segment, unread.replica, unread.clock);
    messages.setFailed(failed);
    if (unread) await openAround(unread);
    else await openAtNewest();
    opened = true;
    await show();
  }

  async function grow(end: 'older' | 'newer'): Promise<void> {
    const there = await reach(end, STEP);
    const [from, to] = bounds();
    if (end === 'older') {
      first = placeAt(Math.max(0, from - STEP)) ?? first;
      const start = Math.max(0, from - Math.min(STEP, there));
      if (to - start > CAP) last = placeAt(start + CAP - 1);
    } else {
      const next = Math.min(history.size(), to + STEP);
      last = next === history.size() && history.beyond('newer') === 'none' ? null : placeAt(next - 1);
      if (next - from > CAP) first = placeAt(next - CAP);
    }
    if (first) await history.narrow(first, last);
    await show();
  }

  // What changed since the last turn; gathered, so that a burst is one turn.
  let news = new Set<SegmentName>();
  let whole = new Set<SegmentName>();
  let failures = false;
  let following = false;

  function heard(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      if (change.what === 'segment' && change.conversation === conversation)
        (change.whole ? whole : news).add(change.segment);
      // A refusal changes the conversation's row; so does much else, but to look is cheap.
      if (change.what === 'conversations' && change.ids.includes(conversation)) failures = true;
    }
    if (following || !(failures || news.size > 0 || whole.size > 0)) return;
    following = true;
    void inTurn(follow, undefined);
  }

  async function follow(): Promise<void> {
    following = false;
    const turn = { news, whole, failures };
    [news, whole, failures] = [new Set(), new Set(), false];
    if (!opened) return;
    if (turn.news.size > 0 || turn.whole.size > 0) {
      if (history.size() === 0 && last === null) await openAtNewest();
      else await history.follow(turn.news, turn.whole);
    }
    if (turn.failures || turn.news.size > 0) messages.setFailed(await store.failed(conversation));
    await fillUp();
    const [from, to] = bounds();
    if (last === null && to - from > LIVE_CAP) first = placeAt(to - CAP);
    await show();
  }

  /** A month that arrived while little was shown: as much of it as a window begins with. */
  async function fillUp(): Promise<void> {
    const [from, to] = bounds();
    if (last !== null || to - from >= STEP) return;
    await reach('older', STEP - (to - from));
    const size = history.size();
    first = size < STEP ? null : placeAt(size - STEP);
  }

  const unsubscribe = store.changed(heard);
  void inTurn(open, undefined);

  return {
    window: {
      get: () => shown,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    loadOlder: () => inTurn(() => grow('older'), undefined),
    loadNewer: () => inTurn(() => grow('newer'), undefined),
    jumpTo: (message) =>
      inTurn(async () => {
        const place = await placed(message);
        if (!place) return false;
        const [from, to] = bounds();
        const index = history.countBefore(place);
        const inView = index >= from && index < to && history.slice(index, index + 1)[0]?.id === message;
        const found = inView || (await openAround(place));
        await show();
        return found;
      }, false),
    jumpToLatest: () =>
      inTurn(async () => {
        if (last !== null) await openAtNewest();
        await show();
      }, undefined),
    close() {
      closed = true;
      unsubscribe();
      listeners.clear();
    },
  };
}

function sameWindow(one: TimelineWindow, other: TimelineWindow): boolean {
  return (
    one.status === other.status &&
    one.older === other.older &&
    one.newer === other.newer &&
    one.firstUnread === other.firstUnread &&
    sameMessages(one.messages, other.messages)
  );
}

function sameMessages(one: readonly TimelineMessage[], other: readonly TimelineMessage[]): boolean {
  return one.length === other.length && one.every((message, i) => message === other[i]);
}
