/** Requests and answers of `/api/conversations`. */
import * as z from 'zod';
import { ConversationId, SegmentName, Seq, UserId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { ConversationRecord, MemberRecord, Person } from '../wire/people.ts';

const members = z.array(UserId).max(LIMITS.members - 1);
const title = z
  .string()
  .trim()
  .min(1, 'A group needs a name.')
  .max(LIMITS.titleLength, `A name may have at most ${LIMITS.titleLength} characters.`);

/**
 * The command that creates a conversation. The device chooses a group's id; the id of a direct or self conversation follows
 * from its people. Creating again what exists with the same people answers with what exists.
 */
export const CreateConversationRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('group'), id: ConversationId.optional(), title, members }),
  z.object({ kind: z.literal('direct'), with: UserId }),
  z.object({ kind: z.literal('self') }),
]);
export type CreateConversationRequest = z.infer<typeof CreateConversationRequest>;

export const ConversationAnswer = z.object({
  conversation: ConversationRecord,
  members: z.array(MemberRecord),
  people: z.array(Person),
});
export type ConversationAnswer = z.infer<typeof ConversationAnswer>;

/** The command that adds people to a group. */
export const AddMembersRequest = z.object({ users: members.min(1) });
export type AddMembersRequest = z.infer<typeof AddMembersRequest>;

/** The command that renames a group. */
export const UpdateConversationRequest = z.object({ title });
export type UpdateConversationRequest = z.infer<typeof UpdateConversationRequest>;

/** The segments of a conversation as of `head`, newest first: what a device hydrates. */
export const SegmentList = z.object({
  conversation: ConversationId,
  head: Seq,
  segments: z.array(z.object({ segment: SegmentName, lastSeq: Seq, events: z.number().int() })),
});
export type SegmentList = z.infer<typeof SegmentList>;
