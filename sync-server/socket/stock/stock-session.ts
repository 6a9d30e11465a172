/**
 * One socket of a stock y-websocket provider on one segment (Y1 to Y4). The same admission and the same queue as every update; what
 * a device would be told with a nack ends the socket, since a provider understands nothing else.
 *
 *   Y2  the relay's step 1 goes out first; updates committed meanwhile wait behind it, or the provider would take them for its own
 *   Y3  deletions it repeats must be known; any other refused update ends the socket with 4422
 */
import { ERROR_CODES, Refusal, type ErrorCode } from '#schema/errors.ts';
import type { ConversationId, DeviceId, SegmentName, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { CLOSE, type CloseCode } from '#schema/wire/close-reasons.ts';
import type { SegmentSocket } from '../../relay/open-socket.ts';
import type { SignedIn } from '../../relay/relay.ts';
import type { SessionSocket, SocketOwner } from '../session-socket.ts';
import { closingMs } from '../tick.ts';
import { TokenBucket } from '../token-bucket.ts';
import { SocketAwareness } from './awareness.ts';
import {
  emptyAwareness,
  readMessage,
  writeAwareness,
  writeStep1,
  writeStep2,
  writeUpdate,
  type StockMessage,
} from './protocol.ts';
import { splitUpdate } from './split-update.ts';

/** What a stock session leaves to others; one object for all. */
export interface StockHandlers {
  now(): number;
  /** The next clocks of the segment's replicas; null: the user is no member. */
  clocks(session: StockSession): Promise<ReadonlyMap<number, number> | null>;
  /** What a provider lacks that has this; the last update answers its question. */
  missing(session: StockSession, known: ReadonlyMap<number, number>): Promise<readonly Uint8Array[]>;
  /** Whether all these deletions are committed. */
  knowsDeletions(session: StockSession, deletions: ReturnType<typeof splitUpdate>['deletions']): Promise<boolean>;
  /** Makes a clientID the user's if nobody holds it (P4). */
  hold(session: StockSession, replica: number): Promise<'held' | 'taken' | 'too-many'>;
  push(session: StockSession, update: Uint8Array, refused: (refusal: Refusal) => void): void;
  others(session: StockSession): Iterable<StockSession>;
  failed(session: StockSession, error: unknown): void;
  closed(session: StockSession, code: number): void;
}

/** Messages that may wait while one is worked on. */
const mostWaiting = 256;

const updatesSize = { rate: LIMITS.updatesPerSecond, burst: LIMITS.updatesBurst };
const bytesSize = { rate: LIMITS.bytesPerSecond, burst: LIMITS.bytesBurst };

export class StockSession implements SegmentSocket, SocketOwner {
  readonly user: UserId;
  readonly device: DeviceId | null;
  readonly session: string;
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
  readonly awareness = new SocketAwareness();
  heardAt: number;
  endedAt: number | null = null;
  private readonly ws: SessionSocket;
  private readonly handlers: StockHandlers;
  /** Until step 1 has gone out: what is to follow it. */
  private held: Uint8Array[] | null = [];
  private readonly replicas = new Set<number>();
  private readonly waiting: StockMessage[] = [];
  private working = false;
  private cut: NodeJS.Timeout | null = null;
  private readonly updates: TokenBucket;
  private readonly bytes: TokenBucket;

  constructor(
    ws: SessionSocket,
    who: SignedIn,
    place: { readonly conversation: ConversationId; readonly segment: SegmentName },
    handlers: StockHandlers,
  ) {
    this.ws = ws;
    this.user = who.user;
    this.device = who.device;
    this.session = who.session;
    this.conversation = place.conversation;
    this.segment = place.segment;
    this.handlers = handlers;
    this.heardAt = handlers.now();
    this.updates = new TokenBucket(updatesSize, this.heardAt);
    this.bytes = new TokenBucket(bytesSize, this.heardAt);
  }

  /** Sends the relay's step 1, then what was committed since it was made. Nothing is read from the provider before. */
  async open(): Promise<void> {
    this.ws.pause();
    try {
      const clocks = await this.handlers.clocks(this);
      if (clocks === null) return this.end(CLOSE.notAMember, 'You are no member of this conversation.');
      this.send(writeStep1(clocks));
      for (const update of this.held ?? []) this.send(writeUpdate(update));
      this.held = null;
      for (const other of this.handlers.others(this)) {
        const state = other.awareness.all();
        if (state) this.send(writeAwareness(state));
      }
      this.ws.resume();
    } catch (error) {
      this.fail(error);
    }
  }

  received(data: Buffer, isBinary: boolean): void {
    if (this.endedAt !== null) return;
    this.heardAt = this.handlers.now();
    let message;
    try {
      if (!isBinary) throw new Error('text');
      message = readMessage(data);
    } catch {
      return this.end(CLOSE.malformedFrame, 'The message could not be read.');
    }
    const verdicts = [this.bytes.take(data.length, this.heardAt), this.updates.take(1, this.heardAt)];
    if (verdicts.includes('far')) return this.end(CLOSE.tooMuch, 'Too much at once.');
    if (verdicts.includes('over') || this.waiting.length >= mostWaiting)
      return this.end(CLOSE.goingAway, 'Too much at once: come back.');
    this.waiting.push(message);
    if (!this.working) void this.work();
  }

  ponged(): void {
    this.heardAt = this.handlers.now();
  }

  closed(code: number): void {
    this.endedAt ??= this.handlers.now();
    if (this.cut) clearTimeout(this.cut);
    this.waiting.length = 0;
    this.handlers.closed(this, code);
  }

  sendUpdate(update: Uint8Array): void {
    if (this.held === null) this.send(writeUpdate(update));
    else this.held.push(update);
  }

  sendAwareness(frame: Uint8Array): void {
    if (this.held === null) this.send(frame);
  }

  /** A sign of life, and a question for one (Y2). */
  keepAlive(): void {
    if (this.held !== null) return;
    this.send(emptyAwareness);
    this.ws.ping();
  }

  end(code: CloseCode, reason: string): void {
    if (this.endedAt !== null) return;
    this.endedAt = this.handlers.now();
    this.ws.resume();
    this.ws.close(code, reason);
    this.cut = setTimeout(() => this.ws.terminate(), closingMs);
  }

  terminate(): void {
    this.ws.terminate();
  }

  private send(frame: Uint8Array): void {
    if (this.endedAt !== null) return;
    this.ws.send(frame);
    // A provider has no cursor to go on from: it comes back and asks for what it lacks.
    if (this.ws.bufferedAmount > 4 * LIMITS.highWaterBytes) this.end(CLOSE.goingAway, 'Too slow: come back.');
  }

  /** One message after the other: a step 2 that is being looked at is not overtaken by an update written after it. */
  private async work(): Promise<void> {
    this.working = true;
    try {
      for (let message = this.waiting.shift(); message && this.endedAt === null; message = this.waiting.shift())
        await this.handle(message);
    } catch (error) {
      this.fail(error);
    } finally {
      this.working = false;
    }
  }

  private async handle(message: StockMessage): Promise<void> {
    switch (message.type) {
      case 'step-1':
        return this.answer(message.stateVector);
      case 'step-2':
      case 'update':
        return this.take(message.update);
      case 'awareness':
        return this.tellAwareness(message.update);
      case 'query-awareness':
        for (const other of this.handlers.others(this)) {
          const state = other.awareness.all();
          if (state) this.send(writeAwareness(state));
        }
    }
  }

  private async answer(known: ReadonlyMap<number, number>): Promise<void> {
    // Two bytes ask for a whole month: what was answered counts against the same bucket as what came in.
    if (this.bytes.take(0, this.handlers.now()) !== 'fine')
      return this.end(CLOSE.goingAway, 'Too much at once: come back.');
    const updates = await this.handlers.missing(this, known);
    this.bytes.take(
      updates.reduce((sum, update) => sum + update.length, 0),
      this.handlers.now(),
    );
    updates.forEach((update, i) => this.send(i === updates.length - 1 ? writeStep2(update) : writeUpdate(update)));
  }

  private async take(update: Uint8Array): Promise<void> {
    const { parts, deletions } = splitUpdate(update);
    if (deletions.length > 0 && !(await this.handlers.knowsDeletions(this, deletions)))
      throw new Refusal('forbidden-content', 'Only the server deletes.');
    for (const { replica } of parts) {
      if (this.replicas.has(replica)) continue;
      const hold = replica >= 1 && replica <= 0xffff_ffff ? await this.handlers.hold(this, replica) : 'taken';
      if (hold === 'too-many') return this.end(CLOSE.tooMuch, 'Too many clientIDs in one day.');
      if (hold === 'taken') throw new Refusal('replica-not-yours');
      this.replicas.add(replica);
    }
    for (const part of parts)
      if (this.endedAt === null) this.handlers.push(this, part.update, (refusal) => this.fail(refusal));
  }

  private tellAwareness(update: Uint8Array): void {
    const others = [...this.handlers.others(this)];
    const news = this.awareness.take(update, (client) => others.some((other) => other.awareness.speaksFor(client)));
    if (news === null) return;
    const frame = writeAwareness(news);
    for (const other of others) other.sendAwareness(frame);
  }

  private fail(error: unknown): void {
    if (this.endedAt !== null) return;
    if (error instanceof Refusal)
      return this.end(closeCodeOf(error.code), `${error.code}: ${error.message}`.slice(0, 100));
    this.handlers.failed(this, error);
    this.end(CLOSE.goingAway, 'Something went wrong: come back.');
  }
}

/** Final or not, by what the list of errors says to do next. A gap heals by coming back: the provider then sends all it has. */
function closeCodeOf(code: ErrorCode): CloseCode {
  if (code === 'not-a-member') return CLOSE.notAMember;
  if (code === 'unknown-conversation') return CLOSE.unknownSegment;
  return ERROR_CODES[code].again === 'later' || code === 'gap' ? CLOSE.goingAway : CLOSE.refusedUpdate;
}
