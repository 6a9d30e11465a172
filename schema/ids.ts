/** The identifiers of design §3: what each is made of, how it is written and checked. */
import * as z from 'zod';
import { UUID_PATTERN } from './hand-checks.ts';

const uuid = z.string().regex(UUID_PATTERN, 'must be a UUID in lower case');

export const UserId = uuid.brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

export const DeviceId = uuid.brand<'DeviceId'>();
export type DeviceId = z.infer<typeof DeviceId>;

export const ConversationId = uuid.brand<'ConversationId'>();
export type ConversationId = z.infer<typeof ConversationId>;

/** A Yjs clientID granted to a device: 1 to 2^32 - 1. */
export const ReplicaId = z.number().int().min(1).max(0xffff_ffff).brand<'ReplicaId'>();
export type ReplicaId = z.infer<typeof ReplicaId>;

/** A month in UTC, `2026-11`: the name of a segment inside its conversation. */
export const SegmentName = z
  .string()
  .regex(/^(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
  .brand<'SegmentName'>();
export type SegmentName = z.infer<typeof SegmentName>;

/** A conversation's commit number; 0 is "nothing yet". */
export const Seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export type Seq = z.infer<typeof Seq>;

/** Place of an event in a segment: the Yjs id of its item. */
export const Clock = z.number().int().min(0).max(0x7fff_ffff);

/** The id of an event is where it stands: `2026-11.17.4` = segment, replica, clock. It is unique inside its conversation. */
export const EventId = z
  .string()
  .max(32)
  .regex(/^\d{4}-\d{2}\.\d{1,10}\.\d{1,10}$/, 'must be {segment}.{replica}.{clock}')
  .brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

/** The parts of an event's id. */
export interface EventPlace {
  readonly segment: SegmentName;
  readonly replica: ReplicaId;
  readonly clock: number;
}

/** Writes an event's id. */
export function eventId(segment: SegmentName, replica: number, clock: number): EventId {
  return `${segment}.${replica}.${clock}` as EventId;
}

/** Takes an event's id apart. The id was parsed by `EventId` before. */
export function eventPlace(id: EventId): EventPlace {
  const [segment, replica, clock] = id.split('.') as [SegmentName, string, string];
  return { segment, replica: Number(replica) as ReplicaId, clock: Number(clock) };
}

/** The segment of a moment: its month in UTC. `at` in ms since 1970. */
export function segmentOf(at: number): SegmentName {
  return new Date(at).toISOString().slice(0, 7) as SegmentName;
}
