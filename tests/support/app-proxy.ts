import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A way to a server on which a test can publish a newer version of the app, and refuse sockets while HTTP goes on. */
export interface AppProxy {
  readonly url: string;
  /** From now on the service worker is another one, byte by byte: to a browser that is a newer version of the app. */
  publish(): void;
  /** Cuts the sockets that are open and refuses new ones, or lets them through again. */
  refuseSockets(refuse: boolean): void;
  close(): Promise<void>;
}

/** Opens a way to the server on a free port. */
export async function openAppProxy(serverPort: number): Promise<AppProxy> {
  let version = 0;
  let refusing = false;
  const sockets = new Set<Socket>();

  const server = createServer((asked, answer) => {
    const altered = version > 0 && asked.url === '/service-worker.js';
    const headers = altered ? unconditional(asked) : asked.headers;
    const passed = request(
      { host: '127.0.0.1', port: serverPort, path: asked.url, method: asked.method, headers },
      (got) => (altered ? sendAltered(got, answer, version) : send(got, answer)),
    );
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  server.on('upgrade', (asked, near: Socket, head) => {
    if (refusing) return near.destroy();
    const lines = Object.entries(asked.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    const far = connect(serverPort, '127.0.0.1', () => {
      far.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
      far.write(head);
      far.pipe(near).pipe(far);
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    return undefined;
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of [...sockets]) socket.destroy();
  };

  return {
    url: `http://localhost:${port}`,
    publish: () => void version++,
    refuseSockets(refuse) {
      refusing = refuse;
      if (refuse) cut();
    },
    close() {
      cut();
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

/** The headers of a request that must get the whole body, as it is. */
function unconditional(asked: IncomingMessage): Record<string, string | string[] | undefined> {
  const kept = Object.entries(asked.headers).filter(([name]) => !name.startsWith('if-') && name !== 'accept-encoding');
  return Object.fromEntries(kept);
}

function send(got: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(got.statusCode ?? 502, got.headers);
  got.pipe(answer);
}

function sendAltered(got: IncomingMessage, answer: ServerResponse, version: number): void {
  let text = '';
  got.setEncoding('utf8').on('data', (part: string) => (text += part));
  got.on('end', () => {
    answer.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' });
    answer.end(`${text}\n// version ${version}\n`);
  });
}
