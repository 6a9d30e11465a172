import * as z from 'zod';
import { ConversationId, Seq } from '../ids.ts';
import { ConversationRecord, MemberRecord, Person } from './people.ts';

/**
 * Everything relational that changed since the device's cursor, and the conversations whose head moved. Follows the welcome,
 * and comes live whenever something of it changes. Stored by the device in one transaction together with `cursor`.
 */
export const Changes = z.object({
  type: z.literal('changes'),
  /** The device's next `since`: a transaction id below which everything is in here or was before. */
  cursor: z.string(),
  /** True: this is all there is, and what the device has besides is gone (an answer to `since: null`). */
  complete: z.boolean(),
  people: z.array(Person),
  conversations: z.array(ConversationRecord),
  members: z.array(MemberRecord),
  /** Conversations with committed updates since, and their last seq. */
  heads: z.array(z.tuple([ConversationId, Seq])),
});
export type Changes = z.infer<typeof Changes>;
