/**
 * A binary pipe to the relay, as dumb as a WebSocket is. The real one lives on the main thread (client/app/socket-pipe.ts), where
 * the browser's tools can cut it; tests put a pair of queues in its place.
 */
export interface SocketPort {
  /** Opens a new socket. Nothing is called back before `open` has returned. */
  open(handlers: SocketHandlers): SocketLink;
}

export interface SocketHandlers {
  opened(): void;
  message(bytes: Uint8Array): void;
  /** The socket is gone, also when it never opened. Called once, unless the device closed the socket itself. */
  closed(code: number): void;
}

export interface SocketLink {
  /** Sends a frame. What cannot be sent any more is dropped silently: `closed` tells. */
  send(bytes: Uint8Array): void;
  /** Ends the socket. No handler is called afterwards. */
  close(): void;
}
