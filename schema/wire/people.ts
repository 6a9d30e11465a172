/** The relational part of what a device knows, as it travels in `changes` and in HTTP answers. */
import * as z from 'zod';
import { ConversationId, Seq, UserId } from '../ids.ts';
import { ReadState } from '../read-state.ts';

export const Person = z.object({ id: UserId, name: z.string(), about: z.string(), placeholder: z.boolean() });
export type Person = z.infer<typeof Person>;

export const Role = z.enum(['owner', 'admin', 'member']);
export type Role = z.infer<typeof Role>;

export const ConversationKind = z.enum(['direct', 'group', 'self']);
export type ConversationKind = z.infer<typeof ConversationKind>;

/** A conversation of the device's user. `left` says that the user is no member any more: what is on the device stays there. */
export const ConversationRecord = z.object({
  id: ConversationId,
  kind: ConversationKind,
  title: z.string(),
  createdBy: UserId,
  /** ms since 1970. */
  createdAt: z.number().int(),
  /** The user's own membership. */
  role: Role,
  joinedSeq: Seq,
  left: z.boolean(),
  read: ReadState,
});
export type ConversationRecord = z.infer<typeof ConversationRecord>;

/** Another person's place in a conversation, or one's own. `left` true: no member any more. */
export const MemberRecord = z.object({
  conversation: ConversationId,
  user: UserId,
  role: Role,
  left: z.boolean(),
  deliveredSeq: Seq,
  readSeq: Seq,
});
export type MemberRecord = z.infer<typeof MemberRecord>;
