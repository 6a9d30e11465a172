/** A device as light as a load needs it: real frames, no store. */
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import { segmentOf, type ConversationId, type SegmentName } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { decodeDown, encodeUp } from '#schema/wire/frame.ts';
import { PROTOCOL_VERSION } from '#schema/wire/protocol-version.ts';
import type { Changes } from '#schema/wire/changes.ts';
import type { CrowdMember } from './make-crowd.ts';

/** The numbers of the two frames a load sees all the time. */
const ACK = 67;
const DELTA = 69;

export interface BenchDevice {
  /** The first `changes` after the hello. */
  readonly changes: Changes;
  /** Appends one message under this device's replica. */
  send(conversation: ConversationId, text: string, time?: { readonly at: number; readonly segment: SegmentName }): void;
  /** Asks for what came after a seq. */
  pull(conversation: ConversationId, after: number): void;
  received(): number;
  close(): void;
}

export interface BenchDeviceEvents {
  /** A committed update of somebody else. */
  onUpdate?(update: Uint8Array, conversation: string): void;
  /** An own push was acknowledged; pushes are numbered from 0. */
  onAck?(push: number): void;
  /** After each delta: the seq it brought the device to, and the head. */
  onDelta?(conversation: string, through: number, head: number): void;
}

/** Connects, says hello, and resolves with the first `changes`. */
export function connectDevice(
  port: number,
  member: CrowdMember,
  cursor: { epoch: string; since: string } | null,
  events: BenchDeviceEvents,
): Promise<BenchDevice & { readonly epoch: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, {
      headers: { cookie: member.cookie },
      perMessageDeflate: false,
    });
    let replica = 0;
    let epoch = '';
    let pushes = 0;
    let bytes = 0;
    const clocks = new Map<string, number>();
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`the relay closed the socket with ${code}`)));
    socket.on('open', () => {
      const hello = { epoch: cursor?.epoch ?? null, since: cursor?.since ?? null, replicasWanted: 1, retired: [] };
      socket.send(encodeUp({ type: 'hello', protocol: PROTOCOL_VERSION, device: member.device, ...hello }));
    });
    const device = (changes: Changes) => ({
      changes,
      epoch,
      send(conversation: ConversationId, text: string, time?: { readonly at: number; readonly segment: SegmentName }) {
        const at = time?.at ?? Date.now();
        const segment = time?.segment ?? segmentOf(at);
        const place = `${conversation}/${segment}`;
        const clock = clocks.get(place) ?? 0;
        clocks.set(place, clock + 1);
        const update = encodeAppend(replica, clock, [{ kind: 'message', by: member.user, at, text }]);
        socket.send(encodeUp({ type: 'push', id: pushes++, conversation, segment, update }));
      },
      pull: (conversation: ConversationId, after: number) =>
        socket.send(encodeUp({ type: 'pull', conversation, after })),
      received: () => bytes,
      close: () => socket.close(),
    });
    socket.on('message', (data: Buffer) => {
      bytes += data.length;
      if (data[0] === DELTA) return readDelta(data, events);
      if (data[0] === ACK && !events.onAck) return;
      const result = decodeDown(data);
      if (!result.ok) return;
      const { frame } = result;
      if (frame.type === 'welcome') {
        replica = frame.replicas[0] ?? 0;
        epoch = frame.epoch;
      } else if (frame.type === 'changes') resolve(device(frame));
      else if (frame.type === 'ack') events.onAck?.(frame.id);
      else if (frame.type === 'nack') reject(new Error(`refused: ${frame.code} ${frame.message}`));
    });
  });
}

/** Reads a delta without checking it: the load's own processor is the scarce thing. Fields in the order of `frame.ts`. */
function readDelta(data: Buffer, events: BenchDeviceEvents): void {
  const decoder = decoding.createDecoder(data.subarray(1));
  decoding.readAny(decoder); // after
  const conversation = decoding.readAny(decoder) as string;
  const head = decoding.readAny(decoder) as number;
  decoding.readAny(decoder); // resyncSegments
  const through = decoding.readAny(decoder) as number;
  const updates = decoding.readAny(decoder) as { update: Uint8Array }[];
  if (events.onUpdate) for (const { update } of updates) events.onUpdate(update, conversation);
  events.onDelta?.(conversation, through, head);
}
