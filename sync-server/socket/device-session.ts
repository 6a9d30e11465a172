/**
 * One socket of a device: its state, what it may send and how fast, and the way out to it. What frames mean stands in
 * `handle-frame.ts`; this file keeps the rules of the socket itself.
 *
 *   C7  above `LIMITS.highWaterBytes` in its buffer it gets no live deltas; once drained it is told the heads it missed
 *   S4  it notes when it was heard and when it was sent something; `tick.ts` acts on it
 */
import type { Duplex } from 'node:stream';
import type { ConversationId, DeviceId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Changes } from '#schema/wire/changes.ts';
import type { CloseCode } from '#schema/wire/close-reasons.ts';
import type { DownFrame } from '#schema/wire/down.ts';
import type { Pull } from '#schema/wire/delta.ts';
import { encodeDown } from '#schema/wire/frame.ts';
import type { DeviceSocket } from '../relay/open-socket.ts';
import type { SignedIn } from '../relay/relay.ts';
import { step, type SessionEvent, type SessionState } from './session-state.ts';
import type { SessionSocket, SocketOwner } from './session-socket.ts';
import { TokenBucket } from './token-bucket.ts';

/** What a session leaves to others; one object for all sessions. */
export interface SessionHandlers {
  /** ms, a clock that does not go back. */
  now(): number;
  received(session: DeviceSession, data: Buffer, isBinary: boolean): void;
  closed(session: DeviceSession, code: number): void;
  /** It has drained: what it missed is to be told, what it asked for to be answered. */
  drained(session: DeviceSession): void;
  /** A live delta was sent or left out. */
  delta(outcome: 'sent' | 'held'): void;
  /** Holds back what is written to a socket until the end of this turn, so that it leaves in one piece. */
  cork(raw: Duplex): void;
}

const updates = { rate: LIMITS.updatesPerSecond, burst: LIMITS.updatesBurst };
const bytes = { rate: LIMITS.bytesPerSecond, burst: LIMITS.bytesBurst };
const requests = { rate: LIMITS.requestsPerSecond, burst: LIMITS.requestsBurst };

/** Made with the first frame that needs them: an idle socket has none. */
export interface SessionBuckets {
  readonly updates: TokenBucket;
  readonly bytes: TokenBucket;
  readonly requests: TokenBucket;
}

/** Above this many times the high-water mark the socket is cut: it reads nothing, and what it must be sent piles up. */
const cutAt = 4;

const binary = { binary: true } as const;

export class DeviceSession implements DeviceSocket, SocketOwner {
  readonly user: UserId;
  readonly session: string;
  /** Of the session's cookie; the hello must name the same. */
  readonly device: DeviceId;
  state: SessionState = 'waiting';
  cursor = '0';
  /** Times of `handlers.now`. */
  readonly openedAt: number;
  heardAt: number;
  sentAt: number;
  endedAt = 0;
  /** Pushes without an answer. */
  inFlight = 0;
  /** Questions without an answer, in their order; null as long as there was none. */
  pulls: Pull[] | null = null;
  pulling = false;
  /** Something was left out since it keeps up no more, or does not yet. */
  missed = false;
  private allowance: SessionBuckets | null = null;
  private readonly ws: SessionSocket;
  private readonly raw: Duplex;
  private readonly handlers: SessionHandlers;

  constructor(
    ws: SessionSocket,
    raw: Duplex,
    who: SignedIn & { readonly device: DeviceId },
    handlers: SessionHandlers,
  ) {
    this.ws = ws;
    this.raw = raw;
    this.user = who.user;
    this.session = who.session;
    this.device = who.device;
    this.handlers = handlers;
    this.openedAt = this.heardAt = this.sentAt = handlers.now();
  }

  get keepsUp(): boolean {
    return this.state === 'live';
  }

  get buckets(): SessionBuckets {
    const now = this.handlers.now();
    this.allowance ??= {
      updates: new TokenBucket(updates, now),
      bytes: new TokenBucket(bytes, now),
      requests: new TokenBucket(requests, now),
    };
    return this.allowance;
  }

  /** Something happened to the session; ends it if its state says so. */
  happen(event: SessionEvent): void {
    const { state, close } = step(this.state, event);
    if (close === undefined) this.state = state;
    else this.end(close, '');
  }

  received(data: Buffer, isBinary: boolean): void {
    if (this.state === 'ended') return;
    this.heardAt = this.handlers.now();
    this.handlers.received(this, data, isBinary);
  }

  closed(code: number): void {
    this.state = step(this.state, 'end').state;
    this.handlers.closed(this, code);
  }

  /** Nothing is read from the socket until `resume`. */
  pause(): void {
    this.ws.pause();
  }

  resume(): void {
    this.ws.resume();
  }

  send(frame: DownFrame): void {
    this.sendBytes(encodeDown(frame));
  }

  /** Sends an encoded frame. */
  sendBytes(frame: Uint8Array): void {
    if (this.state === 'ended') return;
    this.sentAt = this.handlers.now();
    this.handlers.cork(this.raw);
    this.ws.send(frame, binary);
    const buffered = this.ws.bufferedAmount;
    if (buffered <= LIMITS.highWaterBytes) return;
    if (buffered > cutAt * LIMITS.highWaterBytes) {
      this.ws.terminate();
    } else if (this.state === 'live') {
      this.happen('full');
      // Only a socket that lags has a listener of its own.
      this.raw.once('drain', () => {
        if (this.state !== 'lagging') return;
        this.happen('drained');
        this.missed = false;
        this.handlers.drained(this);
      });
    }
  }

  sendDelta(_conversation: ConversationId, _through: number, frame: Uint8Array): void {
    // What is left out is told as heads: by the changes that end the greeting, or once the socket has drained.
    if (!this.keepsUp) {
      this.missed = true;
      return this.handlers.delta('held');
    }
    this.handlers.delta('sent');
    this.sendBytes(frame);
  }

  noteMissed(): void {
    this.missed = true;
  }

  sendChanges(changes: Changes): void {
    this.cursor = changes.cursor;
    this.send(changes);
  }

  end(code: CloseCode, reason: string): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.endedAt = this.handlers.now();
    this.ws.resume();
    this.ws.close(code, reason);
  }

  /** Cuts the connection, after `end`, of a device that does not close its side. */
  terminate(): void {
    this.ws.terminate();
  }
}
