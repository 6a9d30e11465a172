import { WebSocket } from 'ws';
import { segmentOf, type ConversationId, type DeviceId, type SegmentName, type UserId } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { decodeDown, encodeUp } from '#schema/wire/frame.ts';
import { PROTOCOL_VERSION } from '#schema/wire/protocol-version.ts';

/** One update it wrote, and the seqs it was acknowledged with: more than one where acks were lost and it was sent again. */
export interface WrittenUpdate {
  readonly text: string;
  readonly clock: number;
  readonly bytes: Uint8Array;
  readonly seqs: number[];
}

/** A device that writes one message after the other and sends what has no ack again, for ever, whatever ends its socket. */
export interface StubbornDevice {
  readonly replica: () => number;
  readonly written: readonly WrittenUpdate[];
  /** Stops writing, and resolves when everything written has its ack. */
  finish(): Promise<void>;
}

export interface StubbornOptions {
  readonly port: number;
  readonly cookie: string;
  readonly user: UserId;
  readonly device: DeviceId;
  readonly conversation: ConversationId;
  /** Begins every text. */
  readonly name: string;
}

/** Unanswered updates it allows itself. */
const IN_FLIGHT = 20;

export function startStubbornDevice(options: StubbornOptions): StubbornDevice {
  const segment: SegmentName = segmentOf(Date.now());
  const at = Date.now();
  const written: WrittenUpdate[] = [];
  let replica = 0;
  let writing = true;
  let sent = 0;
  let failed: ((error: Error) => void) | null = null;
  let finished: (() => void) | null = null;

  const unacknowledged = (): number => written.findIndex(({ seqs }) => seqs.length === 0);
  const settle = (): void => {
    if (!writing && unacknowledged() < 0) finished?.();
  };

  const connect = (): void => {
    const headers = { cookie: options.cookie };
    const socket = new WebSocket(`ws://127.0.0.1:${options.port}/socket`, { headers, perMessageDeflate: false });
    const push = (index: number): void => {
      const update = written[index];
      if (!update || socket.readyState !== WebSocket.OPEN) return;
      socket.send(
        encodeUp({ type: 'push', id: index, conversation: options.conversation, segment, update: update.bytes }),
      );
    };
    const write = (): void => {
      const open = unacknowledged();
      while (writing && written.length - (open < 0 ? written.length : open) < IN_FLIGHT) {
        const clock = written.length;
        const text = `${options.name} ${clock}`;
        const bytes = encodeAppend(replica, clock, [{ kind: 'message', by: options.user, at: at + clock, text }]);
        written.push({ text, clock, bytes, seqs: [] });
        push(sent++);
        if (open < 0) break;
      }
    };
    socket.on('open', () => {
      const hello = { epoch: null, since: null, replicasWanted: replica === 0 ? 1 : 0, retired: [] };
      socket.send(encodeUp({ type: 'hello', protocol: PROTOCOL_VERSION, device: options.device, ...hello }));
    });
    socket.on('message', (data: Buffer) => {
      const result = decodeDown(data);
      if (!result.ok) return;
      const { frame } = result;
      if (frame.type === 'welcome') {
        replica ||= frame.replicas[0] ?? 0;
        const from = unacknowledged();
        for (let i = from < 0 ? written.length : from; i < written.length; i++) push(i);
        sent = written.length;
        write();
      } else if (frame.type === 'ack') {
        written[frame.id]?.seqs.push(frame.seq);
        write();
        settle();
      } else if (frame.type === 'nack') {
        // `gap` follows the refusal of an update before it; what may succeed later is sent again from there.
        if (frame.code === 'unavailable' || frame.code === 'rate-limited' || frame.code === 'gap') socket.close();
        else failed?.(new Error(`update ${frame.id} was refused: ${frame.code} ${frame.message}`));
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (code >= 4400 && code <= 4499) failed?.(new Error(`the relay closed the socket for good: ${code}`));
      else if (writing || unacknowledged() >= 0) setTimeout(connect, 50);
    });
  };
  connect();

  return {
    replica: () => replica,
    written,
    finish: () =>
      new Promise((resolve, reject) => {
        finished = resolve;
        failed = reject;
        writing = false;
        settle();
      }),
  };
}
