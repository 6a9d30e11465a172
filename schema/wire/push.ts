import * as z from 'zod';
import { ConversationId, SegmentName, Seq } from '../ids.ts';
import { errorCodes } from '../errors.ts';

const pushId = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);

/** One own update. `id` is the device's, to match the answer with. */
export const Push = z.object({
  type: z.literal('push'),
  id: pushId,
  conversation: ConversationId,
  segment: SegmentName,
  update: bytes,
});
export type Push = z.infer<typeof Push>;

/** The update is committed under `seq`. `to` names the last seq its commit took (a deletion takes one more). */
export const Ack = z.object({ type: z.literal('ack'), id: pushId, seq: Seq, to: Seq });
export type Ack = z.infer<typeof Ack>;

/** The update is refused, for good or for now, as `ERROR_CODES[code].again` says. `expected`: see `Refusal`. */
export const Nack = z.object({
  type: z.literal('nack'),
  id: pushId,
  code: z.enum(errorCodes),
  message: z.string().max(300),
  expected: z.number().nullable(),
});
export type Nack = z.infer<typeof Nack>;
