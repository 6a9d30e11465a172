import { io } from 'socket.io-client';
import { startChild } from '../child-server.ts';
import { textOf, type Peer } from '../peer.ts';

/** Express, socket.io and one INSERT per message. */
export async function startClassic(databaseUrl: string): Promise<Peer & { readonly port: number }> {
  const server = await startChild(new URL('classic-server.ts', import.meta.url).pathname, [], {
    DATABASE_URL: databaseUrl,
  });
  return {
    name: 'Express + socket.io + INSERT',
    durable: true,
    memory: server.memory,
    port: server.port,
    async connect(conversation, member, seen) {
      const socket = io(`http://127.0.0.1:${server.port}`, {
        transports: ['websocket'],
        query: { room: String(conversation) },
        forceNew: true,
      });
      let bytes = 0;
      socket.on('message', (message: { text: string }) => {
        bytes += message.text.length;
        seen(Number(message.text.slice(-7)));
      });
      await new Promise<void>((resolve) => socket.once('connect', resolve));
      return {
        send: (message) =>
          socket.emit('message', { conversation, sender: member, text: textOf(message) }, () => undefined),
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
