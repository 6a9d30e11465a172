import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { eventId, type ConversationId, type EventId, type SegmentName, type UserId } from '#schema/ids.ts';
import { isKnown, parseEvent, type MessageEvent, type SegmentEvent } from '#schema/segment/events.ts';
import { LOG } from '#schema/segment/update-codec.ts';

/** One month of a conversation, followed live. */
export interface FollowedSegment {
  /** Appends an event of our own. */
  append(event: SegmentEvent): void;
  close(): void;
}

export interface FollowOptions {
  /** Of the server, such as http://localhost:3000. */
  readonly url: string;
  readonly cookie: string;
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
  /** The Yjs clientID to write with: the relay grants it to us at the first update. One for the life of the process: each lives for ever. */
  readonly replica: number;
  readonly user: UserId;
  /** A message of somebody else that came after we had all there was. */
  readonly onMessage: (id: EventId, message: MessageEvent) => void;
  /** All there was has come. */
  readonly onSynced?: () => void;
  /** The server refuses us for good, with one of the codes of schema/wire/close-reasons.ts. */
  readonly onRefused: (code: number, reason: string) => void;
}

/** Opens the stock provider on a segment. It reconnects by itself, and sends what was written meanwhile. */
export function followSegment(options: FollowOptions): FollowedSegment {
  const { conversation, segment, user } = options;
  const doc = new Y.Doc();
  doc.clientID = options.replica;
  const log = doc.getArray<SegmentEvent>(LOG);
  let caughtUp = false;

  // The provider makes its sockets itself: this is how the cookie gets into their upgrade.
  class SocketWithCookie extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers: { Cookie: options.cookie } });
    }
  }
  const provider = new WebsocketProvider(
    `${options.url.replace(/^http/, 'ws').replace(/\/$/, '')}/y/${conversation}`,
    segment,
    doc,
    {
      WebSocketPolyfill: SocketWithCookie as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    },
  );
  provider.on('sync', (synced) => {
    if (!synced || caughtUp) return;
    caughtUp = true;
    options.onSynced?.();
  });
  provider.on('closed', ({ code, reason }) => options.onRefused(code, reason));

  log.observe((change) => {
    if (!caughtUp || change.transaction.local) return;
    for (const item of change.changes.added) {
      if (!(item.content instanceof Y.ContentAny)) continue;
      item.content.arr.forEach((value: unknown, i: number) => {
        const event = parseEvent(value);
        if (!event || !isKnown(event) || event.kind !== 'message' || event.by === user) return;
        options.onMessage(eventId(segment, item.id.client, item.id.clock + i), event);
      });
    }
  });

  return {
    append: (event) => log.push([event]),
    close() {
      provider.destroy();
      doc.destroy();
    },
  };
}
