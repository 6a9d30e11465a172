import * as z from 'zod';
import { ConversationId, SegmentName, Seq } from '../ids.ts';

const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);

/**
 * "What came after `after`?" The relay answers with one `delta`; the device asks again until the delta reaches its head.
 * Conversations the device opens for the first time are hydrated over HTTP, a segment at a time, instead.
 */
export const Pull = z.object({ type: z.literal('pull'), conversation: ConversationId, after: Seq });
export type Pull = z.infer<typeof Pull>;

/** One committed update. */
export const CommittedUpdate = z.object({ seq: Seq, segment: SegmentName, update: bytes });
export type CommittedUpdate = z.infer<typeof CommittedUpdate>;

/**
 * Committed updates of one conversation, in order of seq and without a gap after `after`, live or as the answer to a pull.
 * A device whose cursor is below `after` has missed something and pulls from its cursor; what it has already, it skips.
 * `resyncSegments`: rows between `after` and the first update were merged into snapshots of these segments, which the device
 * fetches over HTTP; then its cursor may go to `head`'s or the last row's seq as if it had got the rows.
 */
export const Delta = z.object({
  type: z.literal('delta'),
  conversation: ConversationId,
  after: Seq,
  /** The seq up to which this delta brings a device that was at `after`. */
  through: Seq,
  /** The conversation's last seq. Above `through`: ask again. */
  head: Seq,
  updates: z.array(CommittedUpdate),
  resyncSegments: z.array(SegmentName),
});
export type Delta = z.infer<typeof Delta>;
