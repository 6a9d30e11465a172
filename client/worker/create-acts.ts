/** What the main thread may ask of the worker, each bound to what it needs. */
import * as z from 'zod';
import type { HybridClock } from '#schema/hybrid-clock.ts';
import { DeviceList } from '#schema/http/accounts.ts';
import { PeopleAnswer } from '#schema/http/people.ts';
import { Refusal } from '#schema/errors.ts';
import type { ConversationId, EventId } from '#schema/ids.ts';
import type { Person } from '#schema/wire/people.ts';
import { searchScan } from '#client/readers/search-scan.ts';
import { openTimelineReader } from '#client/readers/timeline-reader.ts';
import { folded } from '#client/readers/search-words.ts';
import type { Timeline } from '#client/services/device.ts';
import { jsonOf, type HttpRequest } from '#client/sync/http-port.ts';
import type { ReplicaLease } from '#client/sync/replica-lease.ts';
import { requireSuccess } from '#client/sync/server-answer.ts';
import type { ActContext } from './acts/act-context.ts';
import { createGroup } from './acts/create-group.ts';
import { deleteMessage } from './acts/delete-message.ts';
import { editMessage } from './acts/edit-message.ts';
import { markRead } from './acts/mark-read.ts';
import { react } from './acts/react.ts';
import { sendMessage } from './acts/send-message.ts';
import { startDirect } from './acts/start-direct.ts';
import { updateProfile } from './acts/update-profile.ts';
import type { WorkerDeviceDeps } from './worker-device-deps.ts';
import type { WorkerActs } from './messages.ts';
import type { Publisher } from './publisher.ts';
import type { TabLink } from './tab-link.ts';
import { emptyWindow, spliceBetween } from './window-splice.ts';

export interface ActsDeps extends WorkerDeviceDeps {
  readonly clock: HybridClock;
  readonly lease: ReplicaLease;
  readonly link: TabLink;
  readonly publisher: Publisher;
  /** Ends everything that runs in this tab. */
  readonly stop: () => void;
}

export function createActs(deps: ActsDeps): WorkerActs {
  const { store, start, link } = deps;
  const context: ActContext = { store, lease: deps.lease, clock: deps.clock, user: start.user, newId: deps.newId };
  const timelines = new Map<number, Timeline>();

  /** The answer to a request. @throws Refusal, of code `unavailable` when there is no network. */
  async function ask<T>(request: HttpRequest, answer: z.ZodType<T> | null): Promise<T | null> {
    const response = await deps.http.request(request).catch(() => {
      throw new Refusal('unavailable', 'There is no connection to the server at the moment.');
    });
    try {
      requireSuccess(response);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not-signed-in') link.wish({ what: 'session-gone' });
      throw error;
    }
    return answer && z.parse(answer, jsonOf(response));
  }

  function openTimeline(id: number, conversation: ConversationId): void {
    const timeline = openTimelineReader({
      store,
      user: start.user,
      conversation,
      want: (segment) => link.wish({ what: 'segment', conversation, segment }),
      failed: deps.failed,
    });
    timelines.set(id, timeline);
    let told = emptyWindow;
    const tell = (): void => {
      const next = timeline.window.get();
      deps.post({ kind: 'timeline', timeline: id, splice: spliceBetween(told, next) });
      told = next;
    };
    timeline.window.subscribe(tell);
    tell();
  }

  async function searchPeople(query: string): Promise<readonly Person[]> {
    const words = folded(query.trim());
    const known = (await store.people()).filter((person) => person.id !== start.user && !person.placeholder);
    const here = known.filter(
      (person) =>
        folded(person.name)
          .split(/\s+/)
          .some((word) => word.startsWith(words)) || folded(person.name).startsWith(words),
    );
    if (words === '') return here;
    const answer = await ask(
      { method: 'GET', path: `/api/people?query=${encodeURIComponent(query.trim())}` },
      PeopleAnswer,
    ).catch(() => null);
    const others = (answer?.people ?? []).filter(
      (person) => person.id !== start.user && !here.some(({ id }) => id === person.id),
    );
    return [...here, ...others];
  }

  async function cancelWaiting(id: string): Promise<void> {
    const [kind, conversation, message] = id.split(':');
    if (kind !== 'message' || !conversation || !message)
      throw new Refusal('not-allowed', 'This cannot be taken back any more.');
    const target = { conversation: conversation as ConversationId, id: message as EventId };
    const { findEvent } = await import('./acts/find-event.ts');
    const found = await findEvent(store, target.conversation, target.id);
    const at = found?.event.at ?? 0;
    const month =
      found && 'target' in found.event ? Date.UTC(Number(message.slice(0, 4)), Number(message.slice(5, 7)) - 1) : at;
    const done =
      found &&
      (await store.replaceUnsent(target.conversation, target.id, { kind: 'empty', by: start.user, at: month }));
    if (!done) throw new Refusal('not-allowed', 'This was sent meanwhile.');
  }

  return {
    members: (conversation) => store.members(conversation),
    sendMessage: (conversation, text, replyTo) => sendMessage(context, conversation, text, replyTo),
    editMessage: (conversation, message, text) => editMessage(context, conversation, message, text),
    deleteMessage: (conversation, message) => deleteMessage(context, conversation, message),
    react: (conversation, message, emoji, on) => react(context, conversation, message, emoji, on),
    markRead: (conversation, upTo) => markRead(store, conversation, upTo),
    async draft(conversation) {
      return (await store.conversation(conversation))?.draft ?? null;
    },
    saveDraft: (conversation, text, replyTo) =>
      store.saveDraft(conversation, text === '' && replyTo === null ? null : { text, replyTo, at: deps.timers.now() }),
    startDirect: (person) => startDirect(context, person),
    createGroup: (title, people) => createGroup(context, title, people),
    searchPeople,
    searchMessages: (query, conversation, limit) => searchScan(store, start.user, { query, conversation, limit }),
    updateProfile: (change) => updateProfile(context, change),
    async devices() {
      return (await ask({ method: 'GET', path: '/api/devices' }, DeviceList))?.devices ?? [];
    },
    async revokeDevice(id) {
      await ask({ method: 'DELETE', path: `/api/devices/${encodeURIComponent(id)}` }, null);
    },
    cancelWaiting,
    async syncNow() {
      link.wish({ what: 'sync-now' });
    },
    dismissNotice: (id) => deps.publisher.dismiss(id),
    async openTimeline(id, conversation) {
      openTimeline(id, conversation);
    },
    async loadOlder(id) {
      await timelines.get(id)?.loadOlder();
    },
    async loadNewer(id) {
      await timelines.get(id)?.loadNewer();
    },
    jumpTo: (id, message) => timelines.get(id)?.jumpTo(message) ?? Promise.resolve(false),
    async jumpToLatest(id) {
      await timelines.get(id)?.jumpToLatest();
    },
    async closeTimeline(id) {
      timelines.get(id)?.close();
      timelines.delete(id);
    },
    async shutDown(erase) {
      for (const timeline of timelines.values()) timeline.close();
      timelines.clear();
      deps.stop();
      if (erase) await store.erase();
      else await store.close();
    },
  };
}
