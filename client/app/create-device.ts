/**
 * The device as the screens have it: a worker does everything, this side keeps the values it publishes, hands acts over, and holds
 * the pipes to the network.
 */
import type { UserId } from '#schema/ids.ts';
import type { Person } from '#schema/wire/people.ts';
import { createSubject } from '#client/services/create-subject.ts';
import type {
  ConnectionStatus,
  ConversationSummary,
  Device,
  Notice,
  Profile,
  SyncDetails,
  Timeline,
} from '#client/services/device.ts';
import type { SignedIn } from '#client/services/session.ts';
import { fromCrossing } from '#client/worker/crossing-error.ts';
import type { FromWorker, ToWorker, WorkerActs } from '#client/worker/messages.ts';
import { applySplice, emptyWindow } from '#client/worker/window-splice.ts';
import { afterPaint } from './after-paint.ts';
import { mergeConversations } from './merge-conversations.ts';
import { createWorkerPipes } from './worker-pipes.ts';

export interface DeviceDeps {
  /** A fresh worker running client/worker/device-worker.ts. */
  readonly worker: Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;
  readonly WebSocket: typeof WebSocket;
  readonly fetch: typeof fetch;
  /** The address of the relay's socket, such as `wss://example.org/socket`. */
  readonly socketUrl: string;
  /** Whether the browser thinks there is a network, and where it tells when that changes: a window. */
  readonly online: () => boolean;
  readonly networkEvents: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  /** Asks the browser to keep the data for good; undefined where it cannot be asked. */
  readonly persist: (() => Promise<boolean>) | undefined;
  /** The worker cannot go on, such as after another tab upgraded the database: the page has to be loaded anew. */
  readonly broken?: (reason: string) => void;
  /** Ends the session at the server: at once, or as soon as there is a network. */
  readonly endSession: () => Promise<void>;
}

/** A device and the way to let go of it: the worker ends, what it stored stays. */
export interface DeviceHandle {
  readonly device: Device;
  close(): void;
}

/** Starts the device of a signed-in person. */
export function createDevice(signedIn: SignedIn, deps: DeviceDeps): DeviceHandle {
  const { worker } = deps;
  const post = (message: ToWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  const pipes = createWorkerPipes({ post, WebSocket: deps.WebSocket, fetch: deps.fetch, socketUrl: deps.socketUrl });

  const profile: Profile = { id: signedIn.user, name: signedIn.name, about: signedIn.about, email: signedIn.email };
  const topics = {
    profile: createSubject(profile),
    conversations: createSubject<readonly ConversationSummary[] | null>(null),
    people: createSubject<ReadonlyMap<UserId, Person>>(new Map()),
    connection: createSubject<ConnectionStatus>({ kind: deps.online() ? 'online' : 'offline' }),
    syncDetails: createSubject<SyncDetails>({ waiting: [], bytes: 0, lastSync: null, segmentsToFetch: 0 }),
    storage: createSubject<'indexeddb' | 'memory'>('indexeddb'),
    notices: createSubject<readonly Notice[]>([]),
  };

  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastCall = 0;
  let closed = false;

  /** Asks the worker to do something, and waits for its answer. */
  function call<A extends keyof WorkerActs>(act: A, ...given: Parameters<WorkerActs[A]>): ReturnType<WorkerActs[A]> {
    const id = ++lastCall;
    const answer = new Promise((resolve, reject) => {
      if (closed) return reject(new Error('the device was closed'));
      calls.set(id, { resolve, reject });
      post({ kind: 'call', id, act, given });
    });
    return answer as ReturnType<WorkerActs[A]>;
  }

  const timelines = new Map<number, (message: Extract<FromWorker, { kind: 'timeline' }>) => void>();
  let lastTimeline = 0;

  worker.addEventListener('message', (event) => {
    const message = (event as MessageEvent<FromWorker>).data;
    if (pipes.take(message)) return;
    switch (message.kind) {
      case 'answer':
        calls.get(message.id)?.resolve(message.value);
        return void calls.delete(message.id);
      case 'refusal':
        calls.get(message.id)?.reject(fromCrossing(message.error));
        return void calls.delete(message.id);
      case 'topic':
        if (message.topic === 'people')
          return topics.people.set(new Map(message.value.map((person) => [person.id, person])));
        return (topics[message.topic] as { set(value: unknown): void }).set(message.value);
      case 'conversations':
        if (topics.conversations.get() === null) afterPaint(() => closed || post({ kind: 'list-shown' }));
        return topics.conversations.set(mergeConversations(topics.conversations.get() ?? [], message));
      case 'timeline':
        return timelines.get(message.timeline)?.(message);
      case 'broken':
        return deps.broken?.(message.reason);
      default:
        return;
    }
  });

  const networkChanged = (): void => post({ kind: 'network', online: deps.online() });
  deps.networkEvents.addEventListener('online', networkChanged);
  deps.networkEvents.addEventListener('offline', networkChanged);
  post({ kind: 'start', start: { user: signedIn.user, device: signedIn.device, profile, online: deps.online() } });

  function openTimeline(conversation: Parameters<Device['openTimeline']>[0]): Timeline {
    const id = ++lastTimeline;
    const window = createSubject(emptyWindow);
    timelines.set(id, ({ splice }) => window.set(applySplice(window.get(), splice)));
    call('openTimeline', id, conversation).catch(() => undefined);
    return {
      window,
      loadOlder: () => call('loadOlder', id),
      loadNewer: () => call('loadNewer', id),
      jumpTo: (message) => call('jumpTo', id, message),
      jumpToLatest: () => call('jumpToLatest', id),
      close() {
        timelines.delete(id);
        call('closeTimeline', id).catch(() => undefined);
      },
    };
  }

  let askedToPersist = false;
  /** The first message is what makes losing the data hurt; before it a browser that asks the person would only annoy. */
  function keepStorage(): void {
    if (askedToPersist) return;
    askedToPersist = true;
    deps.persist?.().catch(() => undefined);
  }

  function close(): void {
    closed = true;
    deps.networkEvents.removeEventListener('online', networkChanged);
    deps.networkEvents.removeEventListener('offline', networkChanged);
    pipes.close();
    worker.terminate();
    for (const { reject } of calls.values()) reject(new Error('the device was closed'));
    calls.clear();
  }

  const device: Device = {
    ...topics,
    openTimeline,
    members: (conversation) => call('members', conversation),
    async sendMessage(conversation, text, replyTo) {
      const id = await call('sendMessage', conversation, text, replyTo);
      keepStorage();
      return id;
    },
    editMessage: (conversation, message, text) => call('editMessage', conversation, message, text),
    deleteMessage: (conversation, message) => call('deleteMessage', conversation, message),
    react: (conversation, message, emoji, on) => call('react', conversation, message, emoji, on),
    markRead: (conversation, upTo) => call('markRead', conversation, upTo),
    draft: (conversation) => call('draft', conversation),
    saveDraft: (conversation, text, replyTo) => call('saveDraft', conversation, text, replyTo),
    startDirect: (person) => call('startDirect', person),
    createGroup: (title, people) => call('createGroup', title, people),
    searchPeople: (query) => call('searchPeople', query),
    searchMessages: (query, conversation, limit) => call('searchMessages', query, conversation, limit),
    updateProfile: (change) => call('updateProfile', change),
    devices: () => call('devices'),
    revokeDevice: (id) => call('revokeDevice', id),
    syncNow: () => void call('syncNow').catch(() => undefined),
    cancelWaiting: (id) => call('cancelWaiting', id),
    dismissNotice: (id) => void call('dismissNotice', id).catch(() => undefined),
    async signOut(erase) {
      // The session first: whoever holds the device afterwards must not find it alive because the worker was slow.
      await deps.endSession();
      await call('shutDown', erase);
      close();
    },
  };
  return { device, close };
}
