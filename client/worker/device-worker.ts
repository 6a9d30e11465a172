/**
 * The worker of a tab. It shows the list of conversations as the database has it before anything else is loaded: the store with Dexie,
 * Yjs and the schemas, the sync engine and the readers come after. What is asked meanwhile waits.
 */
import type { UserId } from '#schema/ids.ts';
import { readFirstList } from '#client/store/read-first-list.ts';
import type { WorkerDevice } from './create-worker-device.ts';
import { toCrossing } from './crossing-error.ts';
import type { FromWorker, ToWorker, WorkerActs, WorkerStart } from './messages.ts';
import { createPipePorts } from './pipe-ports.ts';
import { directoryOf, summarise } from './summarise.ts';

/** What of a dedicated worker's scope is used; the DOM's own types are those of a page. */
interface WorkerScope {
  postMessage(message: FromWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}
const scope = self as unknown as WorkerScope;
const post = (message: FromWorker): void => scope.postMessage(message);
const pipes = createPipePorts(post);

let device: Promise<WorkerDevice> | null = null;
let listShown = (): void => undefined;

scope.addEventListener('message', ({ data: message }) => {
  if (pipes.take(message)) return;
  if (message.kind === 'start') {
    device = open(message.start);
    device.catch((error: unknown) => post({ kind: 'broken', reason: String(error) }));
  } else if (message.kind === 'network') {
    void device?.then((ready) => ready.network(message.online), ignore);
  } else if (message.kind === 'list-shown') {
    listShown();
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

async function open(start: WorkerStart): Promise<WorkerDevice> {
  await showFirstList(start.user);
  const { openWorkerDevice } = await import('./open-worker-device.ts');
  return openWorkerDevice(start, post, pipes);
}

/** Resolves once it is on the screen: what comes after would take the processor and the network from it. */
async function showFirstList(user: UserId): Promise<void> {
  const list = await readFirstList(user, self);
  if (!list) return;
  const directory = directoryOf(list.people, user, null);
  const changed = list.conversations.map((conversation) => summarise(conversation, directory));
  post({ kind: 'topic', topic: 'people', value: list.people });
  const shown = new Promise<void>((resolve) => (listShown = resolve));
  post({ kind: 'conversations', whole: true, changed, removed: [] });
  await shown;
}

function ignore(): void {
  // `open` reported it.
}
