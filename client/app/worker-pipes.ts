/** The main thread's side of the worker's socket and `fetch`: plain pipes, so that the browser's tools can see and cut them. */
import type { HttpAnswer, HttpRequest } from '#client/sync/http-port.ts';
import type { FromWorker, ToWorker } from '#client/worker/messages.ts';

/** The longest wait for an answer, in ms. A segment of a busy month on a slow line is the largest there is. */
const DEADLINE_MS = 60_000;
/** What a browser says of a connection that failed without a word (RFC 6455). */
const ABNORMAL = 1006;

export interface PipeDeps {
  readonly post: (message: ToWorker, transfer?: Transferable[]) => void;
  readonly WebSocket: typeof WebSocket;
  readonly fetch: typeof fetch;
  /** The address of the relay's socket. */
  readonly socketUrl: string;
}

export interface WorkerPipes {
  /** Does what the worker asked for. False: the message is not about a pipe. */
  take(message: FromWorker): boolean;
  close(): void;
}

export function createWorkerPipes(deps: PipeDeps): WorkerPipes {
  const sockets = new Map<number, WebSocket>();

  function open(id: number): void {
    let socket: WebSocket;
    try {
      socket = new deps.WebSocket(deps.socketUrl);
    } catch {
      return deps.post({ kind: 'socket-closed', socket: id, code: ABNORMAL });
    }
    socket.binaryType = 'arraybuffer';
    sockets.set(id, socket);
    socket.addEventListener('open', () => deps.post({ kind: 'socket-opened', socket: id }));
    socket.addEventListener('message', ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return;
      deps.post({ kind: 'socket-message', socket: id, bytes: new Uint8Array(data) }, [data]);
    });
    socket.addEventListener('close', ({ code }) => {
      if (sockets.delete(id)) deps.post({ kind: 'socket-closed', socket: id, code });
    });
  }

  function send(id: number, bytes: Uint8Array): void {
    const socket = sockets.get(id);
    if (socket?.readyState === deps.WebSocket.OPEN) socket.send(new Uint8Array(bytes));
  }

  function close(id: number): void {
    const socket = sockets.get(id);
    sockets.delete(id);
    socket?.close();
  }

  async function request(id: number, asked: HttpRequest): Promise<void> {
    const answer = await fetchAnswer(deps.fetch, asked).catch(() => null);
    deps.post({ kind: 'http-answer', id, answer }, answer ? [answer.body.buffer] : []);
  }

  return {
    take(message) {
      switch (message.kind) {
        case 'socket-open':
          open(message.socket);
          return true;
        case 'socket-send':
          send(message.socket, message.bytes);
          return true;
        case 'socket-close':
          close(message.socket);
          return true;
        case 'http-request':
          void request(message.id, message.request);
          return true;
        default:
          return false;
      }
    },
    close() {
      for (const id of [...sockets.keys()]) close(id);
    },
  };
}

/**
 * Sends a request as the signed-in person, past the browser's cache: what is worth keeping is in the device's store, and a copy of a segment
 * beside it would keep what was deleted since (N3). Rejects without an answer.
 */
export async function fetchAnswer(
  fetch: typeof globalThis.fetch,
  { method, path, body, headers }: HttpRequest,
): Promise<HttpAnswer & { body: Uint8Array<ArrayBuffer> }> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
}
