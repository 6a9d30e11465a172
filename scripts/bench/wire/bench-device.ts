/** A device as light as a load needs it: real frames, no store. It sends again what was refused for now, and asks for what it missed. */
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import { ERROR_CODES } from '#schema/errors.ts';
import { segmentOf, type ConversationId, type SegmentName } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { decodeDown, encodeUp } from '#schema/wire/frame.ts';
import { PROTOCOL_VERSION } from '#schema/wire/protocol-version.ts';
import type { Changes } from '#schema/wire/changes.ts';
import { followConversations, type FollowerEvents } from './follow-conversations.ts';
import type { CrowdMember } from './make-crowd.ts';

/** The numbers of the two frames a load sees all the time. */
const ACK = 67;
const DELTA = 69;
/** After a refusal for now, ms. */
const AGAIN_MS = 100;

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

export interface BenchDeviceEvents extends FollowerEvents {
  /** An own push was acknowledged; pushes are numbered from 0. */
  onAck?(push: number): void;
}

/** Connects, says hello, and resolves with the first `changes`. A push that is refused for good ends the run: its figures would be of less work. */
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
    const unanswered = new Map<number, { readonly conversation: string; readonly frame: Uint8Array }>();
    let resending = false;
    const { onUpdate } = events;
    const followed: FollowerEvents = {
      ...events,
      // A pull brings own ones too, and those nobody waits to see.
      ...(onUpdate && {
        onUpdate: (update, conversation) => {
          if (authorOf(update) !== replica) onUpdate(update, conversation);
        },
      }),
    };
    const follower = followConversations(followed, (conversation, after) =>
      pull(conversation as ConversationId, after),
    );
    const pull = (conversation: ConversationId, after: number): void =>
      socket.send(encodeUp({ type: 'pull', conversation, after }));
    /** All of them, in their order: those that are stored already are answered as such (R6). */
    const sendAgain = (): void => {
      if (resending) return;
      resending = true;
      setTimeout(() => {
        resending = false;
        for (const { frame } of unanswered.values()) socket.send(frame);
      }, AGAIN_MS);
    };
    const acknowledged = (data: Uint8Array): void => {
      // Fields in the order of `frame.ts`, after the frame's number.
      const decoder = decoding.createDecoder(data.subarray(1));
      const id = decoding.readAny(decoder) as number;
      const push = unanswered.get(id);
      if (!push) return;
      unanswered.delete(id);
      follower.acknowledged(
        push.conversation,
        decoding.readAny(decoder) as number,
        decoding.readAny(decoder) as number,
      );
      events.onAck?.(id);
    };
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
        const id = pushes++;
        const frame = encodeUp({ type: 'push', id, conversation, segment, update });
        unanswered.set(id, { conversation, frame });
        socket.send(frame);
      },
      pull,
      received: () => bytes,
      close: () => socket.close(),
    });
    socket.on('message', (data: Buffer) => {
      bytes += data.length;
      if (data[0] === DELTA) return follower.delta(data);
      if (data[0] === ACK) return acknowledged(data);
      const result = decodeDown(data);
      if (!result.ok) return;
      const { frame } = result;
      if (frame.type === 'welcome') {
        replica = frame.replicas[0] ?? 0;
        epoch = frame.epoch;
      } else if (frame.type === 'changes') {
        follower.changes(frame);
        resolve(device(frame));
      } else if (frame.type === 'nack') {
        if (ERROR_CODES[frame.code].again !== 'later' && frame.code !== 'gap')
          throw new Error(`a push was refused: ${frame.code}`);
        sendAgain();
      }
    });
  });
}

/** The replica of an update: it names the number of replicas (1) and of structs before it. */
function authorOf(update: Uint8Array): number {
  const decoder = decoding.createDecoder(update);
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return decoding.readVarUint(decoder);
}
