/**
 * Merging rows into blocks as they gather, some time after they were written: a segment is merged once enough updates lie beside its
 * blocks, or one of them is a deletion, whose content goes only then (N3).
 */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { COMPACT_UPDATES } from './limits.ts';

/** How long a segment is left alone after it became due, in ms: what comes together is merged together. */
const REST = 2_000;

export interface Upkeep {
  /** Notes that so many updates lie beside the blocks of a segment, or came to it. */
  note(conversation: ConversationId, segment: SegmentName, updates: number, deletion: boolean): void;
  stop(): void;
}

/** Runs something later; gives how to call it off. */
export type Later = (act: () => void, ms: number) => () => void;

/** @param failed told of what went wrong; the segment is tried again when it is noted again. */
export function createUpkeep(
  later: Later | null,
  compact: (conversation: ConversationId, segment: SegmentName) => Promise<void>,
  failed: (error: unknown) => void,
): Upkeep {
  const counts = new Map<string, number>();
  const due = new Map<string, { conversation: ConversationId; segment: SegmentName }>();
  let callOff: (() => void) | null = null;
  let stopped = false;

  function plan(): void {
    if (stopped || callOff || due.size === 0 || !later) return;
    callOff = later(() => {
      void work().then(() => {
        callOff = null;
        plan();
      });
    }, REST);
  }

  /** One at a time: this is nobody's hurry. */
  async function work(): Promise<void> {
    for (const [key, { conversation, segment }] of due) {
      if (stopped) return;
      due.delete(key);
      counts.delete(key);
      await compact(conversation, segment).catch(failed);
    }
  }

  return {
    note(conversation, segment, updates, deletion) {
      const key = `${conversation} ${segment}`;
      const count = (counts.get(key) ?? 0) + updates;
      counts.set(key, count);
      if (count < COMPACT_UPDATES && !deletion) return;
      due.set(key, { conversation, segment });
      plan();
    },
    stop() {
      stopped = true;
      callOff?.();
    },
  };
}
