/**
 * The worker of a tab. It opens the store and shows the list of conversations before anything else is loaded: Yjs, the sync engine and
 * the readers come after. What is asked meanwhile waits.
 */
import { createDeviceStore, type DeviceStoreOptions } from '#client/store/create-device-store.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { systemTimers } from '#client/sync/timers.ts';
import { toCrossing } from './crossing-error.ts';
import type { FromWorker, ToWorker, WorkerActs, WorkerStart } from './messages.ts';
import { createPipePorts } from './pipe-ports.ts';
import { readDirectory, summarise } from './summarise.ts';

/** What of a dedicated worker's scope is used; the DOM's own types are those of a page. */
interface WorkerScope {
  postMessage(message: FromWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}
const scope = self as unknown as WorkerScope;
const post = (message: FromWorker): void => scope.postMessage(message);
const pipes = createPipePorts(post);

type Device = Awaited<ReturnType<typeof open>>;
let device: Promise<Device> | null = null;

scope.addEventListener('message', ({ data: message }) => {
  if (pipes.take(message)) return;
  if (message.kind === 'start') {
    device = open(message.start);
    device.catch((error: unknown) => post({ kind: 'broken', reason: String(error) }));
  } else if (message.kind === 'network') {
    void device?.then((ready) => ready.network(message.online), ignore);
  } else if (message.kind === 'call') {
    void answer(message);
  }
});

async function answer({ id, act, given }: Extract<ToWorker, { kind: 'call' }>): Promise<void> {
  try {
    if (!device) throw new Error('the device was not started');
    const acts = (await device).acts as unknown as Record<
      keyof WorkerActs,
      (...given: readonly unknown[]) => Promise<unknown>
    >;
    post({ kind: 'answer', id, value: await acts[act](...given) });
  } catch (error) {
    post({ kind: 'refusal', id, error: toCrossing(error) });
  }
}

async function open(start: WorkerStart) {
  const store = await openStore(start);
  post({ kind: 'topic', topic: 'storage', value: store.kind });
  const directory = await readDirectory(store, start.user, null);
  const changed = (await store.conversations()).map((conversation) => summarise(conversation, directory));
  post({ kind: 'topic', topic: 'people', value: [...directory.people.values()] });
  post({ kind: 'conversations', whole: true, changed, removed: [] });

  const { createWorkerDevice } = await import('./create-worker-device.ts');
  return createWorkerDevice({
    store,
    start,
    post,
    socket: pipes.socket,
    http: pipes.http,
    timers: systemTimers,
    locks: navigator.locks,
    channel: new BroadcastChannel(`chatsync-${start.user}-tabs`),
    random: Math.random,
    newId: () => crypto.randomUUID(),
    failed: (error) => console.error(error),
  });
}

/** The browser's storage; memory where it cannot be had. */
async function openStore(start: WorkerStart): Promise<DeviceStore> {
  const options: Omit<DeviceStoreOptions, 'kind' | 'environment'> = {
    user: start.user,
    device: start.device,
    channel: (name) => new BroadcastChannel(name),
    now: Date.now,
    ended: (why) => post({ kind: 'broken', reason: why }),
    later(act, ms) {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    damageFound: ({ table, key, reason }) =>
      console.warn(`a stored row of ${table} was set aside (${JSON.stringify(key)}): ${reason}`),
    failed: (error) => console.error(error),
  };
  try {
    return await createDeviceStore({ ...options, kind: 'indexeddb', environment: { indexedDB, IDBKeyRange } });
  } catch (error) {
    console.error(error);
    const memory = await import('fake-indexeddb');
    return createDeviceStore({
      ...options,
      kind: 'memory',
      // Memory is one tab's: other tabs have their own, and must not be told of it.
      channel: null,
      environment: {
        indexedDB: new memory.IDBFactory(),
        IDBKeyRange: memory.IDBKeyRange,
      },
    });
  }
}

function ignore(): void {
  // `open` reported it.
}
