/** A device as far as the wire goes: a socket, and frames that can be waited for. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ConversationId, DeviceId, ReplicaId, UserId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import type { DownFrame } from '#schema/wire/down.ts';
import { decodeDown, encodeUp } from '#schema/wire/frame.ts';
import type { Hello } from '#schema/wire/hello.ts';
import { PROTOCOL_VERSION } from '#schema/wire/protocol-version.ts';
import type { UpFrame } from '#schema/wire/up.ts';
import { message, november } from './stored-log.ts';

type FrameOf<T extends DownFrame['type']> = Extract<DownFrame, { type: T }>;

/** How long a frame is waited for: as long as a busy machine needs, ms. */
const patience = 8_000;

export class DeviceClient {
  readonly device: DeviceId;
  /** Everything that came, in its order. */
  readonly frames: DownFrame[] = [];
  readonly ws: WebSocket;
  closed: { readonly code: number; readonly reason: string } | null = null;
  private nextPush = 1;
  private readonly clocks = new Map<string, number>();
  private readonly waiting = new Set<() => void>();

  constructor(
    url: string,
    who: { readonly device: DeviceId; readonly session: string },
    headers: Record<string, string> = {},
  ) {
    this.device = who.device;
    this.ws = new WebSocket(`${url}/socket`, { headers: { cookie: `sid=${who.session}`, ...headers } });
    this.ws.on('message', (data: Buffer) => {
      const result = decodeDown(data);
      if (!result.ok) throw new Error(`the relay sent what cannot be read: ${JSON.stringify(result)}`);
      this.frames.push(result.frame);
      this.wake();
    });
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.wake();
    });
    this.ws.on('error', () => undefined);
  }

  /** Opens a socket, says hello, and waits for the changes. */
  static async connect(
    url: string,
    who: { readonly device: DeviceId; readonly session: string },
    hello: Partial<Hello> = {},
  ): Promise<DeviceClient> {
    const client = new DeviceClient(url, who);
    await client.opened();
    client.hello(hello);
    await client.next('changes');
    return client;
  }

  async opened(): Promise<void> {
    if (this.ws.readyState === WebSocket.CONNECTING) await once(this.ws, 'open');
  }

  hello(changes: Partial<Hello> = {}): void {
    this.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      device: this.device,
      epoch: null,
      since: null,
      replicasWanted: 0,
      retired: [],
      ...changes,
    });
  }

  send(frame: UpFrame): void {
    this.ws.send(encodeUp(frame));
  }

  /** Pushes events, or one text, as the replica's next; gives the push's id. */
  push(
    conversation: ConversationId,
    by: UserId,
    replica: ReplicaId,
    content: string | SegmentEvent[],
    clock?: number,
  ): number {
    const key = `${conversation} ${replica}`;
    const events = typeof content === 'string' ? [message(by, content)] : content;
    const from = clock ?? this.clocks.get(key) ?? 0;
    this.clocks.set(key, from + events.length);
    const id = this.nextPush++;
    this.send({ type: 'push', id, conversation, segment: november, update: encodeAppend(replica, from, events) });
    return id;
  }

  /** Pushes and waits for the answer. */
  async pushed(
    conversation: ConversationId,
    by: UserId,
    replica: ReplicaId,
    content: string | SegmentEvent[],
    clock?: number,
  ): Promise<FrameOf<'ack'> | FrameOf<'nack'>> {
    return this.answer(this.push(conversation, by, replica, content, clock));
  }

  async answer(id: number): Promise<FrameOf<'ack'> | FrameOf<'nack'>> {
    return this.find(
      (frame): frame is FrameOf<'ack'> | FrameOf<'nack'> =>
        (frame.type === 'ack' || frame.type === 'nack') && frame.id === id,
    );
  }

  /** The first frame of a type that came or comes, and fits. */
  async next<T extends DownFrame['type']>(
    type: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
  ): Promise<FrameOf<T>> {
    return this.find((frame): frame is FrameOf<T> => frame.type === type && fits(frame as FrameOf<T>));
  }

  async find<F extends DownFrame>(fits: (frame: DownFrame) => frame is F): Promise<F> {
    return this.until(() => this.frames.find(fits), 'a frame');
  }

  /** Waits for the end of the socket. */
  async ended(): Promise<{ readonly code: number; readonly reason: string }> {
    return this.until(() => this.closed ?? undefined, 'the end', true);
  }

  /** The seqs that acks named. */
  ownSeqs(): Set<number> {
    const own = new Set<number>();
    for (const frame of this.frames)
      if (frame.type === 'ack') for (let seq = frame.seq; seq <= frame.to; seq++) own.add(seq);
    return own;
  }

  /** Waits until acks and deltas together have brought every seq up to one. */
  async hasAll(conversation: ConversationId, last: number): Promise<void> {
    await this.until(() => {
      const seen = new Set([...this.ownSeqs(), ...this.seqs(conversation)]);
      for (let seq = 1; seq <= last; seq++) if (!seen.has(seq)) return undefined;
      return true;
    }, `every seq up to ${last}`);
  }

  /** Forgets what came so far. */
  forget(): void {
    this.frames.length = 0;
  }

  /** The seqs that deltas brought, in their order. */
  seqs(conversation: ConversationId): number[] {
    return this.frames.flatMap((frame) =>
      frame.type === 'delta' && frame.conversation === conversation ? frame.updates.map((update) => update.seq) : [],
    );
  }

  /** Waits until acks and deltas have brought the device to a seq. */
  async seen(conversation: ConversationId, seq: number): Promise<void> {
    await this.find(
      (frame): frame is DownFrame =>
        (frame.type === 'ack' && frame.to >= seq) ||
        (frame.type === 'delta' && frame.conversation === conversation && frame.through >= seq),
    );
  }

  async close(): Promise<void> {
    if (this.ws.readyState === WebSocket.CLOSED) return;
    this.ws.close();
    await this.ended();
  }

  private async until<T>(look: () => T | undefined, what: string, mayEnd = false): Promise<T> {
    const deadline = Date.now() + patience;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.closed && !mayEnd)
        throw new Error(`the socket ended (${this.closed.code} ${this.closed.reason}) while ${what} was waited for`);
      if (Date.now() > deadline)
        throw new Error(
          `${what} did not come; the last were ${this.frames
            .slice(-20)
            .map((frame) => frame.type)
            .join(', ')}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, deadline - Date.now() + 1);
        const waiting = this.waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake();
  }
}
