/** The unmodified provider of y-websocket, as bots use it, with what a test waits for. */
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { LOG } from '#schema/segment/update-codec.ts';

export interface Provider {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** The log as it is here. */
  log(): unknown[];
  push(...events: unknown[]): void;
  /** Resolves when the server's answer has come. */
  readonly synced: Promise<void>;
  /** Resolves when the server ends the socket for good. */
  readonly refused: Promise<{ code: number; reason: string }>;
  /** Resolves when the log has this many entries, with them. */
  reaches(length: number): Promise<unknown[]>;
  /** Resolves when the log holds what is looked for. */
  until(holds: () => boolean): Promise<void>;
  close(): void;
}

export interface ProviderOptions {
  /** `ws://127.0.0.1:40123/y` */
  readonly url: string;
  /** `{conversationId}/{yyyy-mm}` */
  readonly room: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly doc?: Y.Doc;
  readonly connect?: boolean;
}

export function openProvider({
  url,
  room,
  headers = {},
  doc = new Y.Doc(),
  connect = true,
}: ProviderOptions): Provider {
  class SocketWithHeaders extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers: { ...headers } });
    }
  }
  const provider = new WebsocketProvider(url, room, doc, {
    connect,
    WebSocketPolyfill: SocketWithHeaders as unknown as typeof globalThis.WebSocket,
    // Two providers of one process would tell each other everything without a server.
    disableBc: true,
    maxBackoffTime: 50,
  });
  const array = doc.getArray<unknown>(LOG);
  const synced = new Promise<void>((resolve) => provider.on('sync', (isSynced) => isSynced && resolve()));
  const refused = new Promise<{ code: number; reason: string }>((resolve) =>
    provider.on('closed', ({ code, reason }) => resolve({ code, reason })),
  );
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        doc.off('update', look);
        resolve();
      };
      doc.on('update', look);
      look();
    });
  return {
    doc,
    provider,
    log: () => array.toJSON(),
    push: (...events) => array.push(events),
    synced,
    refused,
    async reaches(length) {
      await until(() => array.length >= length);
      return array.toJSON();
    },
    until,
    close() {
      provider.destroy();
      doc.destroy();
    },
  };
}
