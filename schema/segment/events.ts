/**
 * The kinds of event a segment's log may hold, as this version knows them. Unknown kinds are kept and skipped, unknown fields
 * survive: an older device passes on what a newer one wrote. `by` is verified by the relay, `at` is the hybrid clock in ms.
 */
import * as z from 'zod';
import { EventId, UserId } from '../ids.ts';
import { LIMITS } from '../limits.ts';

const at = z.number().int().min(0).max(8_640_000_000_000_000);
const text = z.string().min(1).max(LIMITS.textLength);

/** A message a person wrote. `replyTo` names the message it answers. */
export const MessageEvent = z.looseObject({
  kind: z.literal('message'),
  by: UserId,
  at,
  text,
  replyTo: EventId.optional(),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

/** A new text for an own message of the same segment. */
export const EditEvent = z.looseObject({ kind: z.literal('edit'), by: UserId, at, target: EventId, text });
export type EditEvent = z.infer<typeof EditEvent>;

/**
 * Deletion for everyone; the relay appends the Yjs deletion of the target itself, after which only this event tells where
 * "Message deleted" stands: who wrote the target (checked by the relay) and when.
 */
export const DeleteEvent = z.looseObject({
  kind: z.literal('delete'),
  by: UserId,
  at,
  target: EventId,
  targetBy: UserId,
  targetAt: at,
});
export type DeleteEvent = z.infer<typeof DeleteEvent>;

/** A person's slot for one emoji at one message: set or taken back; the latest wins. */
export const ReactEvent = z.looseObject({
  kind: z.literal('react'),
  by: UserId,
  at,
  target: EventId,
  emoji: z.string().min(1).max(LIMITS.emojiLength),
  on: z.boolean(),
});
export type ReactEvent = z.infer<typeof ReactEvent>;

/** What is left of an own event that was taken back before it was ever sent: it keeps its clock and shows nothing. */
export const EmptyEvent = z.looseObject({ kind: z.literal('empty'), by: UserId, at });
export type EmptyEvent = z.infer<typeof EmptyEvent>;

/** A kind this version does not know. */
export const UnknownEvent = z.looseObject({
  kind: z.string().min(1).max(40),
  by: UserId,
  at,
  target: EventId.optional(),
});
export type UnknownEvent = z.infer<typeof UnknownEvent>;

export const KnownEvent = z.discriminatedUnion('kind', [MessageEvent, EditEvent, DeleteEvent, ReactEvent, EmptyEvent]);
export type KnownEvent = z.infer<typeof KnownEvent>;

const knownKinds: ReadonlySet<string> = new Set(['message', 'edit', 'delete', 'react', 'empty']);

/** Whether this version understands the event; narrows it. */
export function isKnown(event: KnownEvent | UnknownEvent): event is KnownEvent {
  return knownKinds.has(event.kind);
}

/** An event as parsed: one of the known kinds, or the envelope of an unknown one. */
export type SegmentEvent = KnownEvent | UnknownEvent;

/**
 * Parses one element of the log. Gives null for what is no event at all: the relay refuses it, a device keeps and skips it.
 */
export function parseEvent(value: unknown): SegmentEvent | null {
  const kind = typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined;
  const known = typeof kind === 'string' && knownKinds.has(kind);
  const parsed = known ? KnownEvent.safeParse(value) : UnknownEvent.safeParse(value);
  return parsed.success ? parsed.data : null;
}
