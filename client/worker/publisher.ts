/**
 * Publishes what the screens show whenever the store changed: the list of conversations row by row, people, what waits, notices. Each is
 * read anew at most so often as an eye can follow.
 */
import type { ConversationId } from '#schema/ids.ts';
import type { Notice, SyncDetails } from '#client/services/device.ts';
import type { DeviceStore, StoreChange } from '#client/store/device-store.ts';
import type { Timers } from '#client/sync/timers.ts';
import { gather } from './gather.ts';
import type { FromWorker, WorkerStart } from './messages.ts';
import { noticeOf, readWaiting } from './publish-details.ts';
import { directoryOf, summarise, type Directory } from './summarise.ts';

/** The least time between two readings of the list, and of what waits, in ms. */
const LIST_EVERY = 50;
const WAITING_EVERY = 250;

export interface Publisher {
  /** Publishes everything once. */
  begin(): void;
  changed(changes: readonly StoreChange[]): void;
  /** How many own changes wait, whenever that was read. */
  onWaiting(listener: (changes: number) => void): void;
  toFetch(segments: number): void;
  synced(at: number): void;
  /** Something of this tab alone that the person should know. */
  notice(level: Notice['level'], text: string): void;
  dismiss(id: number): Promise<void>;
  stop(): void;
}

export interface PublisherDeps {
  readonly store: DeviceStore;
  readonly start: WorkerStart;
  readonly timers: Timers;
  readonly post: (message: FromWorker) => void;
  readonly failed: (error: unknown) => void;
}

export function createPublisher(deps: PublisherDeps): Publisher {
  const { store, start, timers, post, failed } = deps;
  let directory: Directory | null = null;
  let everything = true;
  let peopleChanged = true;
  const touched = new Set<ConversationId>();
  let waitingListener = (_changes: number): void => undefined;
  let details: SyncDetails = { waiting: [], bytes: 0, lastSync: null, segmentsToFetch: 0 };
  let ownNotices: Notice[] = [];
  let lastNotice = 0;

  const list = gather(timers, LIST_EVERY, publishList, failed);
  const waiting = gather(timers, WAITING_EVERY, publishWaiting, failed);
  const notices = gather(timers, WAITING_EVERY, publishNotices, failed);

  async function publishList(): Promise<void> {
    const all = everything;
    const withPeople = peopleChanged;
    const ids = [...touched];
    everything = false;
    peopleChanged = false;
    touched.clear();
    if (withPeople || !directory) directory = directoryOf(await store.people(), start.user, directory);
    const known = directory;
    if (withPeople) {
      post({ kind: 'topic', topic: 'people', value: [...known.people.values()] });
      const me = known.people.get(start.user);
      if (me) post({ kind: 'topic', topic: 'profile', value: { ...start.profile, name: me.name, about: me.about } });
    }
    // A new name may stand in any row.
    const whole = all || withPeople;
    const stored = whole ? await store.conversations() : await Promise.all(ids.map((id) => store.conversation(id)));
    const changed = stored.filter((one) => one !== null).map((one) => summarise(one, known));
    const removed = whole ? [] : ids.filter((_, i) => stored[i] === null);
    post({ kind: 'conversations', whole, changed, removed });
  }

  async function publishWaiting(): Promise<void> {
    const { changes, ...found } = await readWaiting(store);
    waitingListener(changes);
    publishDetails(found);
  }

  function publishDetails(change: Partial<SyncDetails>): void {
    details = { ...details, ...change };
    post({ kind: 'topic', topic: 'syncDetails', value: details });
  }

  async function publishNotices(): Promise<void> {
    const refused = (await store.refusals()).map(noticeOf);
    post({ kind: 'topic', topic: 'notices', value: [...refused, ...ownNotices] });
  }

  return {
    begin() {
      everything = true;
      list.ask();
      waiting.ask();
      notices.ask();
    },
    changed(changes) {
      for (const change of changes) {
        if (change.what === 'conversations') for (const id of change.ids) touched.add(id);
        if (change.what === 'people') peopleChanged = true;
        if (change.what === 'members') touched.add(change.conversation);
        if (change.what === 'conversations' || change.what === 'people' || change.what === 'members') list.ask();
        if (change.what === 'outbox' || change.what === 'commands') waiting.ask();
        if (change.what === 'commands') notices.ask();
      }
    },
    onWaiting(listener) {
      waitingListener = listener;
    },
    toFetch: (segments) => publishDetails({ segmentsToFetch: segments }),
    synced: (at) => publishDetails({ lastSync: at }),
    notice(level, text) {
      if (ownNotices.some((notice) => notice.text === text)) return;
      ownNotices = [...ownNotices, { id: --lastNotice, level, text }];
      notices.ask();
    },
    async dismiss(id) {
      ownNotices = ownNotices.filter((notice) => notice.id !== id);
      if (id > 0) await store.dismissRefusal(id);
      notices.ask();
    },
    stop() {
      for (const one of [list, waiting, notices]) one.stop();
    },
  };
}
