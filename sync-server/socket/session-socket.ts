import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { LIMITS } from '#schema/limits.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';

/** What a socket's events go to. One object per socket; the listeners themselves are shared by all. */
export interface SocketOwner {
  /** A message came. */
  received(data: Buffer, isBinary: boolean): void;
  /** The answer to a ping came. */
  ponged?(): void;
  /** It is closed, by whomever. */
  closed(code: number): void;
}

/** A WebSocket that knows whom it serves, so that no listener needs a closure (memory per connection: design §12). */
export class SessionSocket extends WebSocket {
  owner: SocketOwner | null = null;

  /** `ws` closes a message above its limit with 1009, which a device would take for "come back". */
  override close(code?: number, data?: string | Buffer): void {
    if (code === 1009) super.close(CLOSE.frameTooLarge, 'A frame has at most 1 MiB.');
    else super.close(code, data);
  }

  /** Hands its events to an owner. */
  serve(owner: SocketOwner): void {
    this.owner = owner;
    this.on('message', onMessage);
    this.on('close', onClose);
    this.on('error', onError);
    if (owner.ponged) this.on('pong', onPong);
  }

  /** Ends a socket that nobody serves: accepted only to tell it why it is refused (S1). */
  refuse(code: number, reason: string): void {
    this.on('error', onError);
    this.close(code, reason);
  }
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  if (this instanceof SessionSocket) this.owner?.received(data as Buffer, isBinary);
}

function onClose(this: WebSocket, code: number): void {
  if (this instanceof SessionSocket) this.owner?.closed(code);
}

function onPong(this: WebSocket): void {
  if (this instanceof SessionSocket) this.owner?.ponged?.();
}

function onError(): void {
  // A protocol error or a lost connection: `close` follows and says all there is to say.
}

/** How long the other side may take to close, ms; then `ws` cuts the connection. */

/** The handshake, as `ws` does it. No compression: it costs 64 KB a connection, and updates are small. */
export function createHandshake(): (
  request: IncomingMessage,
  raw: Duplex,
  head: Buffer,
  done: (ws: SessionSocket) => void,
) => void {
  const server = new WebSocketServer<typeof SessionSocket>({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LIMITS.frameBytes,
    WebSocket: SessionSocket,
  });
  return (request, raw, head, done) => server.handleUpgrade(request, raw, head, done);
}
