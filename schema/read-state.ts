/**
 * What a person has read of a conversation, such that two devices can merge what each saw without a server's help:
 * everything up to `seq`, and above it, per "segment/replica", every clock up to the one named. It only grows.
 */
import * as z from 'zod';
import { Seq, Clock } from './ids.ts';

export const ReadState = z.object({
  seq: Seq,
  above: z.record(z.string().regex(/^\d{4}-\d{2}\/\d{1,10}$/), Clock),
});
export type ReadState = z.infer<typeof ReadState>;

/** Nothing read. */
export const nothingRead: ReadState = { seq: 0, above: {} };

/** Whether an event is read. `seq` is null for an own event that is not committed yet: own events are never unread. */
export function isRead(state: ReadState, segment: string, replica: number, clock: number, seq: number | null): boolean {
  if (seq === null || seq <= state.seq) return true;
  const upTo = state.above[`${segment}/${replica}`];
  return upTo !== undefined && clock <= upTo;
}

/** The least state that covers both: maximum of every part. Commutative, associative, idempotent. */
export function mergeReadState(one: ReadState, other: ReadState): ReadState {
  const above: Record<string, number> = { ...one.above };
  for (const [key, clock] of Object.entries(other.above)) above[key] = Math.max(above[key] ?? 0, clock);
  return { seq: Math.max(one.seq, other.seq), above };
}
