import * as z from 'zod';
import { ConversationId, Seq } from '../ids.ts';
import { ReadState } from '../read-state.ts';

/** How far the device has stored a conversation, and what its person has read. Merged by maximum; sent again freely. */
export const Receipt = z.object({
  type: z.literal('receipt'),
  conversation: ConversationId,
  delivered: Seq,
  read: ReadState.nullable(),
});
export type Receipt = z.infer<typeof Receipt>;
