/**
 * What the load drives: a server in a process of its own on one processor, and connections to it from this process on the
 * other. Every peer gets the same work: conversations of four members, a message of fifty characters, seen by the other three.
 */

/** A member's connection in one conversation. */
export interface Connection {
  /** Sends one message whose text ends in this number. */
  send(message: number): void;
  /** Bytes received so far. */
  received(): number;
  close(): void;
}

/** Called when a message is seen by a member who did not send it. */
export type Seen = (message: number) => void;

export interface Peer {
  readonly name: string;
  /** Whether a message that was seen is on disk. */
  readonly durable: boolean;
  /** Bytes the server has in use, of heap and of buffers, after its garbage was collected. */
  memory(): Promise<number>;
  connect(conversation: number, member: number, seen: Seen): Promise<Connection>;
  close(): Promise<void>;
}

/** Members of each conversation of the load. */
export const MEMBERS = 4;
/** Conversations of the load. */
export const CONVERSATIONS = 50;

/** A text of fifty characters that ends in the message's number. */
export function textOf(message: number): string {
  return 'The quick brown fox jumps over the lazy dog' + String(message).padStart(7, '0');
}

/** Reads the number back from the last seven characters of a text in `bytes` that ends before `end`. */
export function numberBefore(bytes: Uint8Array, end: number): number {
  let n = 0;
  for (let i = end - 7; i < end; i++) n = n * 10 + ((bytes[i] ?? 48) - 48);
  return n;
}
