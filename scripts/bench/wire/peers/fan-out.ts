import { once } from 'node:events';
import { WebSocket } from 'ws';
import { startChild } from '../child-server.ts';
import { numberBefore, textOf, type Peer } from '../peer.ts';

/** The bare `ws` fan-out. */
export async function startFanOut(): Promise<Peer> {
  const server = await startChild(new URL('fan-out-server.ts', import.meta.url).pathname, []);
  return {
    name: 'bare ws fan-out',
    durable: false,
    memory: server.memory,
    async connect(conversation, _member, seen) {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/${conversation}`, { perMessageDeflate: false });
      let bytes = 0;
      socket.on('message', (data: Buffer) => {
        bytes += data.length;
        seen(numberBefore(data, data.length));
      });
      await once(socket, 'open');
      return {
        send: (message) => socket.send(Buffer.from(textOf(message))),
        received: () => bytes,
        close: () => socket.close(),
      };
    },
    async close() {
      server.kill('SIGTERM');
      await server.gone;
    },
  };
}
