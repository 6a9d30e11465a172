/**
 * The socket of one stock provider on one segment. What it sends is handled in order: while something is being committed the socket is
 * not read, so nothing piles up here. What it is sent is what was committed (R4), in whatever order: Yjs sorts it out.
 *
 * A socket that does not keep up is told nothing for a while, and ends once it has drained: the provider comes back and says what it has.
 */
import type { WebSocket } from 'ws';
import { LIMITS } from '#schema/limits.ts';
import { CLOSE, type CloseCode } from '#schema/wire/close-reasons.ts';
import type { SegmentKey } from '../../store/snapshots.ts';
import type { SegmentSocket } from '../open-socket.ts';
import type { SignedIn } from '../relay.ts';
import { readAwarenessEntries, writeAwarenessEntries, type AwarenessEntry } from './awareness-entries.ts';
import type { Claims } from './claims.ts';
import { closeFor } from './close-for.ts';
import {
  emptyAwareness,
  MalformedMessage,
  readMessage,
  writeAwareness,
  writeStep1,
  writeStep2,
  writeUpdate,
  type StockMessage,
} from './message.ts';
import type { StockDeps } from './ports.ts';
import type { SegmentAwareness } from './segment-awareness.ts';
import type { StockFigures } from './stock-figures.ts';
import { createTokens } from './tokens.ts';
import { createWriter, type Written } from './writer.ts';

export interface ProviderSocket extends SegmentSocket {
  /** Sends what a provider is sent first (Y2), and begins to read. */
  begin(): void;
  /** A sign of life for the provider; ends the socket of one that gave none since the beat before the last. */
  beat(): void;
  /** More was committed than this socket was sent: it ends, and the provider comes back for the rest. */
  missedUpdates(): void;
}

export interface ProviderSocketOptions {
  readonly deps: StockDeps;
  readonly figures: StockFigures;
  readonly socket: WebSocket;
  readonly who: SignedIn;
  readonly key: SegmentKey;
  readonly awareness: SegmentAwareness;
  readonly claims: Claims;
  /** The socket is gone, for whatever reason. */
  readonly onGone: () => void;
}

/** Messages and bytes that may wait for those before them; above it the socket is not read for a while. */
const mostWaiting = 64;
const mostWaitingBytes = 256 << 10;
/** What asking for a segment costs of the session's requests: some 5 ms of the worker that puts it together. */
const readCost = 10;
/** The longest a socket is not read for being in debt, ms: above it the next message finds the debt again. */
const longestPause = 5_000;
/** How long a provider may take to close its side, ms: whoever is put out is out within a second (R12). */
const closingMs = 800;
/** Awareness messages with news that are passed on, of one socket: what a person's pointer needs. */
const awarenessRate = { perSecond: 10, burst: 40 };

export function createProviderSocket(options: ProviderSocketOptions): ProviderSocket {
  const { deps, figures, socket, key, awareness, claims } = options;
  const { user, device, session } = options.who;
  const writes: Written[] = [];
  const awarenessTokens = createTokens(awarenessRate, deps.now);
  let waitingBytes = 0;
  let writing = false;
  let reading: { next: Uint8Array | null } | null = null;
  let debtor: NodeJS.Timeout | null = null;
  let cut: NodeJS.Timeout | null = null;
  let beatsMissed = 0;
  let behind = false;
  let ended = false;

  const self: ProviderSocket = {
    user,
    device,
    session,
    conversation: key.conversation,
    segment: key.segment,
    begin,
    beat,
    end,
    sendUpdate(update) {
      send(writeUpdate(update));
      writer.news();
    },
    sendAwareness(frame) {
      // Whoever does not keep up misses nothing that is not said again.
      if (!ended && socket.bufferedAmount < LIMITS.highWaterBytes) socket.send(frame);
    },
    missedUpdates() {
      behind = true;
      onSent();
    },
  };
  const writer = createWriter({ ...deps, key, user, claims, origin: self });

  function begin(): void {
    socket.on('message', (data: Buffer, isBinary: boolean) => onFrame(data, isBinary));
    socket.on('pong', () => (beatsMissed = 0));
    // `ws` closes what it reports; there is nothing left to do but not to fall over it.
    socket.on('error', () => undefined);
    socket.on('close', onClose);
    for (const frame of inFrames(awareness.everybody())) socket.send(frame);
    // Once more, now that nothing can end this membership unnoticed (R12).
    Promise.all([deps.store.clocks(key), deps.store.requireMember(key, user)])
      .then(([clocks]) => send(writeStep1(clocks)))
      .catch(fail);
  }

  function onFrame(data: Buffer, isBinary: boolean): void {
    if (ended) return;
    beatsMissed = 0;
    let message: StockMessage;
    try {
      if (!isBinary) throw new MalformedMessage('text');
      message = readMessage(data);
      figures.messages.inc({ type: message.type });
      receive(message);
    } catch (error) {
      if (error instanceof MalformedMessage) end(CLOSE.malformedFrame, 'malformed');
      else fail(error);
      return;
    }
    const isWrite = message.type === 'update' || message.type === 'step-2';
    const requests = message.type === 'step-1' ? readCost : isWrite ? 0 : 1;
    pay(deps.meter(session, { bytes: data.length, updates: isWrite ? 1 : 0, requests }));
  }

  function receive(message: StockMessage): void {
    switch (message.type) {
      case 'step-1':
        // One answer at a time; what was asked last is what is wanted.
        if (reading) reading.next = message.stateVector;
        else void answer(message.stateVector);
        return;
      case 'step-2':
      case 'update':
        writes.push(message);
        waitingBytes += message.update.length;
        if (!writing) void write();
        return;
      case 'awareness':
        hear(message.entries);
        return;
      case 'other':
    }
  }

  async function write(): Promise<void> {
    writing = true;
    try {
      while (writes.length > 0 && !ended) {
        await writer.take(writes);
        waitingBytes = writes.reduce((sum, { update }) => sum + update.length, 0);
        flow();
      }
    } catch (error) {
      fail(error);
    } finally {
      writing = false;
    }
  }

  async function answer(asked: Uint8Array): Promise<void> {
    reading = { next: asked };
    try {
      while (reading.next && !ended) {
        const stateVector: Uint8Array = reading.next;
        reading.next = null;
        const update = await deps.store.read(key, user, stateVector);
        send(writeStep2(update));
        pay(deps.meter(session, { bytes: update.length }));
      }
    } catch (error) {
      fail(error);
    } finally {
      reading = null;
    }
  }

  function hear(bytes: Uint8Array): void {
    // Too large is no fault: a provider repeats in one message what it heard in several.
    if (bytes.length > LIMITS.awarenessBytes) return;
    let entries: AwarenessEntry[];
    try {
      entries = readAwarenessEntries(bytes);
    } catch (error) {
      throw new MalformedMessage('awareness', { cause: error });
    }
    if (!awarenessTokens.left()) return;
    const news = awareness.heard(self, entries, (client) => claims.claim(client, user, self));
    if (news.length === 0) return;
    awarenessTokens.take(1);
    tellOthers(news);
  }

  function tellOthers(news: readonly AwarenessEntry[]): void {
    if (news.length === 0) return;
    const frame = writeAwareness(writeAwarenessEntries(news));
    for (const other of deps.online.onSegment(key.conversation, key.segment))
      if (other !== self) other.sendAwareness(frame);
  }

  function pay(wait: number): void {
    if (wait > 0 && !ended) {
      if (debtor) clearTimeout(debtor);
      debtor = setTimeout(
        () => {
          debtor = null;
          flow();
        },
        Math.min(wait, longestPause),
      );
    }
    flow();
  }

  /** Reads on, or not. */
  function flow(): void {
    if (ended) return;
    const full = writes.length >= mostWaiting || waitingBytes >= mostWaitingBytes;
    if (full || debtor) socket.pause();
    else if (socket.isPaused) socket.resume();
  }

  function send(frame: Uint8Array): void {
    if (ended) return;
    behind ||= socket.bufferedAmount >= LIMITS.highWaterBytes;
    if (!behind) socket.send(frame, onSent);
  }

  function onSent(): void {
    if (behind && socket.bufferedAmount === 0) end(CLOSE.goingAway, 'resync');
  }

  function beat(): void {
    // Who is not being read cannot be heard.
    if (!socket.isPaused && beatsMissed++ > 1) return socket.terminate();
    if (socket.bufferedAmount >= LIMITS.highWaterBytes) return;
    socket.ping();
    socket.send(emptyAwareness);
  }

  function fail(error: unknown): void {
    if (ended) return;
    const { code, reason } = closeFor(error);
    if (reason === 'internal') deps.logger.error({ err: error, ...key }, 'a stock socket failed');
    end(code, reason);
  }

  function end(code: CloseCode, reason: string): void {
    if (ended) return;
    ended = true;
    if (debtor) clearTimeout(debtor);
    deps.figures.closed.inc({ code: String(code) });
    const isBackedUp = socket.bufferedAmount >= LIMITS.highWaterBytes;
    // Its close frame would stand behind all that waits; who comes back is told then.
    if (isBackedUp) return socket.terminate();
    socket.resume();
    socket.close(code, reason);
    cut = setTimeout(() => socket.terminate(), closingMs);
  }

  function onClose(): void {
    ended = true;
    if (debtor) clearTimeout(debtor);
    if (cut) clearTimeout(cut);
    options.onGone();
    tellOthers(awareness.left(self));
    claims.release(self);
  }

  return self;
}

/** Entries as messages of at most `LIMITS.awarenessBytes` each, and few enough for one socket. */
function* inFrames(entries: readonly AwarenessEntry[]): Generator<Uint8Array> {
  let part: AwarenessEntry[] = [];
  let bytes = 0;
  let sent = 0;
  for (const entry of entries) {
    const size = entry.state.length + 16;
    if (sent + size > LIMITS.highWaterBytes / 4) break;
    sent += size;
    if (part.length > 0 && bytes + size > LIMITS.awarenessBytes) {
      yield writeAwareness(writeAwarenessEntries(part));
      part = [];
      bytes = 0;
    }
    part.push(entry);
    bytes += size;
  }
  if (part.length > 0) yield writeAwareness(writeAwarenessEntries(part));
}
