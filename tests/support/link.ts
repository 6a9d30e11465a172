import { createServer, connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A device's way to the server: a plain TCP pass-through that can be cut, as a cable can. */
export interface Link {
  /** What the device opens; the same for as long as the link lives. */
  readonly url: string;
  /** Ends every connection and takes no new one. */
  cut(): void;
  /** Lets connections through again. */
  mend(): void;
  close(): Promise<void>;
}

/** Makes a link to a port of this machine. */
export async function openLink(port: number): Promise<Link> {
  let open = true;
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    if (!open) {
      inner.destroy();
      return;
    }
    const outer = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cut() {
      open = false;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      open = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
