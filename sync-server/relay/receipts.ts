/**
 * Receipts: what devices stored and people read. They gather for a moment, are merged in the database by maximum (E1), and what moved is
 * told to the other members and to the person's own devices, here and at other nodes. They travel as changes; a device that was away
 * gets them with its next ones.
 */
import type { ConversationId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { mergeReadState } from '#schema/read-state.ts';
import type { ConversationRecord, MemberRecord } from '#schema/wire/people.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { mergeReceipts, readPlaces, type MovedPlace, type NewReceipt } from '../store/merge-receipts.ts';
import type { FanOut } from './fan-out.ts';
import type { Online } from './online.ts';
import type { DeviceSocket } from './open-socket.ts';

export interface Receipts {
  add(receipt: NewReceipt): void;
  /** Places that moved at another node. */
  moved(places: readonly (readonly [ConversationId, UserId])[]): void;
  /** Stores what is waiting, and stops. */
  close(): Promise<void>;
}

export interface ReceiptsDeps {
  readonly database: Database;
  readonly online: Online;
  readonly fanOut: FanOut;
  readonly logger: Logger;
  /** For how long they gather, ms. */
  readonly receiptsMs: number;
  readonly notify: (places: readonly (readonly [ConversationId, UserId])[]) => void;
}

/** Receipts stored by one statement. */
const mostAtOnce = 1_000;
/** Receipts that may wait: of places, not of frames, so a device cannot add more than it has conversations. Above it they are dropped: they come again. */
const mostWaiting = 50_000;

export function createReceipts({ database, online, fanOut, logger, receiptsMs, notify }: ReceiptsDeps): Receipts {
  const waiting = new Map<string, NewReceipt>();
  let timer: NodeJS.Timeout | null = null;
  let storing: Promise<void> = Promise.resolve();
  let closed = false;

  function schedule(): void {
    if (timer || closed || waiting.size === 0) return;
    timer = setTimeout(() => {
      storing = store().finally(() => {
        timer = null;
        schedule();
      });
    }, receiptsMs);
  }

  async function store(): Promise<void> {
    const batch = [...waiting].slice(0, mostAtOnce);
    for (const [key] of batch) waiting.delete(key);
    if (batch.length === 0) return;
    try {
      const places = await mergeReceipts(
        database,
        batch.map(([, receipt]) => receipt),
      );
      if (places.length === 0) return;
      notify(places.map(({ member }) => [member.conversation, member.user] as const));
      await tell(places);
    } catch (error) {
      logger.warn({ err: error, receipts: batch.length }, 'receipts were not stored');
    }
  }

  /** Each device gets one frame with everything that concerns it. */
  async function tell(places: readonly MovedPlace[]): Promise<void> {
    const frames = new Map<DeviceSocket, { members: MemberRecord[]; conversations: ConversationRecord[] }>();
    const frameOf = (socket: DeviceSocket) => {
      let frame = frames.get(socket);
      if (!frame) frames.set(socket, (frame = { members: [], conversations: [] }));
      return frame;
    };
    for (const { member, own } of places) {
      const members = await fanOut.membersOf(member.conversation);
      // In a large group everybody would be told about everybody at every message: there only the person's own devices are.
      const told = members.length > LIMITS.receiptsToldLive ? members.filter((user) => user === member.user) : members;
      for (const user of told) for (const socket of online.devicesOf(user)) frameOf(socket).members.push(member);
      for (const socket of online.devicesOf(member.user)) frameOf(socket).conversations.push(own);
    }
    for (const [socket, { members, conversations }] of frames) {
      if (!socket.keepsUp) {
        socket.noteMissed();
        continue;
      }
      // Nothing else is in it, so the cursor stays where it was.
      socket.sendChanges({
        type: 'changes',
        cursor: socket.cursor,
        complete: false,
        people: [],
        conversations,
        members,
        heads: [],
      });
    }
  }

  return {
    add(receipt) {
      const key = `${receipt.conversation} ${receipt.user}`;
      const before = waiting.get(key);
      if (!before && waiting.size >= mostWaiting) return;
      waiting.set(key, before ? mergeBoth(before, receipt) : receipt);
      schedule();
    },
    moved(places) {
      const here = places.map(([conversation, user]) => ({ conversation, user }));
      void readPlaces(database, here)
        .then(tell)
        .catch((error: unknown) => logger.warn({ err: error }, 'receipts of another node could not be read'));
    },
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      await storing;
      while (waiting.size > 0) await store();
    },
  };
}

function mergeBoth(one: NewReceipt, other: NewReceipt): NewReceipt {
  return {
    ...one,
    delivered: Math.max(one.delivered, other.delivered),
    read: one.read && other.read ? mergeReadState(one.read, other.read) : (one.read ?? other.read),
  };
}
