/** Keeps up with conversations as a device does (C2, C7), without a store: each update is seen once, and what was missed is asked for. */
import * as decoding from 'lib0/decoding';
import type { Changes } from '#schema/wire/changes.ts';

export interface Follower {
  /** The heads of the greeting are where it begins; of later ones what is above the cursor is asked for. */
  changes(changes: Changes): void;
  /** A delta's bytes, read without being checked: the load's own processor is the scarce thing. */
  delta(data: Uint8Array): void;
  /** An own push took these seqs. */
  acknowledged(conversation: string, seq: number, to: number): void;
}

export interface FollowerEvents {
  /** A committed update of somebody else. */
  onUpdate?(update: Uint8Array, conversation: string): void;
  /** After each delta: the seq it brought the device to, and the head. */
  onDelta?(conversation: string, through: number, head: number): void;
}

/** @param pull asks for what came after a seq */
export function followConversations(
  { onUpdate, onDelta }: FollowerEvents,
  pull: (conversation: string, after: number) => void,
): Follower {
  const cursors = new Map<string, number>();
  /** Conversations that were asked about, so that a gap is asked for once. */
  const asked = new Set<string>();
  let greeted = false;

  function missed(conversation: string, cursor: number): void {
    if (!onUpdate || asked.has(conversation)) return;
    asked.add(conversation);
    pull(conversation, cursor);
  }

  return {
    changes({ heads }) {
      for (const [conversation, head] of heads) {
        const cursor = cursors.get(conversation);
        if (!greeted) cursors.set(conversation, head);
        else if (head > (cursor ?? 0)) missed(conversation, cursor ?? 0);
      }
      greeted = true;
    },
    delta(data) {
      // Fields in the order of `frame.ts`, after the frame's number.
      const decoder = decoding.createDecoder(data.subarray(1));
      const after = decoding.readAny(decoder) as number;
      const conversation = decoding.readAny(decoder) as string;
      const head = decoding.readAny(decoder) as number;
      decoding.readAny(decoder); // resyncSegments
      const through = decoding.readAny(decoder) as number;
      const updates = decoding.readAny(decoder) as { seq: number; update: Uint8Array }[];
      const cursor = cursors.get(conversation) ?? 0;
      if (onUpdate && after > cursor) return missed(conversation, cursor);
      if (onUpdate) for (const { seq, update } of updates) if (seq > cursor) onUpdate(update, conversation);
      cursors.set(conversation, Math.max(cursor, through));
      if (asked.delete(conversation) && head > through) missed(conversation, through);
      onDelta?.(conversation, through, head);
    },
    acknowledged(conversation, seq, to) {
      const cursor = cursors.get(conversation) ?? 0;
      if (seq <= cursor + 1) cursors.set(conversation, Math.max(cursor, to));
      else missed(conversation, cursor);
    },
  };
}
