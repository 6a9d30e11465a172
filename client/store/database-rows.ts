/**
 * What lies in each table of the device's database, and how it is checked when it is read (R11): a row may come from a later
 * version, a damaged disk or a person with developer tools.
 */
import * as z from 'zod';
import { errorCodes } from '#schema/errors.ts';
import { Clock, ConversationId, DeviceId, EventId, ReplicaId, SegmentName, Seq, UserId } from '#schema/ids.ts';
import { ReadState } from '#schema/read-state.ts';
import { KnownEvent } from '#schema/segment/events.ts';
import { ConversationRecord, MemberRecord, Person } from '#schema/wire/people.ts';

const count = z.number().int().min(0);
const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);
const position = z.object({ at: z.number(), replica: z.number().int(), clock: Clock });

/** `meta`, key `device`: who is signed in, and the relational cursor. */
export const DeviceRow = z.object({
  key: z.literal('device'),
  user: UserId,
  device: DeviceId,
  epoch: z.string().nullable(),
  since: z.string().nullable(),
  /** How many `changes` were stored: tells whether a record was heard of since a command was given. */
  round: count,
});
export type DeviceRow = z.infer<typeof DeviceRow>;

/** `meta`, key `counter`: the last n given to a row of `rows`. Only rises, so that a reader can ask for what came after. */
export const CounterRow = z.object({ key: z.literal('counter'), n: count });
export type CounterRow = z.infer<typeof CounterRow>;

/** The newest message shown, with what is needed to keep it up to date without reading the segment. */
export const LastRow = z.object({
  id: EventId,
  by: UserId,
  text: z.string(),
  deleted: z.boolean(),
  unknown: z.boolean(),
  seq: Seq.nullable(),
  failed: z.boolean(),
  place: position,
  /** The `at` of the edit that gave the text; null: none did. */
  editedAt: z.number().nullable(),
});
export type LastRow = z.infer<typeof LastRow>;

export const DraftRow = z.object({ text: z.string(), replyTo: EventId.nullable(), at: z.number() });

/** `conversations`, by id. */
export const ConversationRow = z.object({
  id: ConversationId,
  /** As shown: what the last waiting command about it makes of it, else `confirmed`. */
  record: ConversationRecord,
  /** As the server named it last; null: it does not know it yet. */
  confirmed: ConversationRecord.nullable(),
  /** The round (see `DeviceRow`) in which it was heard of last. */
  round: count,
  /** The server takes nothing from this user for it at the moment. */
  halted: z.boolean(),
  cursor: Seq.nullable(),
  /** Seqs above the cursor that are here already: [from, to], rising, apart. */
  ahead: z.array(z.tuple([Seq, Seq])),
  head: Seq,
  /** What was read: the server's and this device's, merged. */
  read: ReadState,
  unread: count,
  last: LastRow.nullable(),
  /** `last` has to be found anew. */
  lastStale: z.boolean(),
  /** Rises with every event taken into `last`: tells whether it changed while it was being found anew. */
  folds: count,
  draft: DraftRow.nullable(),
});
export type ConversationRow = z.infer<typeof ConversationRow>;

/** `people`, by id. The fields are those of `ConversationRow`. */
export const PersonRow = z.object({ id: UserId, record: Person, confirmed: Person.nullable(), round: count });
export type PersonRow = z.infer<typeof PersonRow>;

/** `members`, by [conversation+user]. The fields are those of `ConversationRow`. */
export const MemberRow = z.object({
  conversation: ConversationId,
  user: UserId,
  record: MemberRecord,
  confirmed: MemberRecord.nullable(),
  round: count,
});
export type MemberRow = z.infer<typeof MemberRow>;

/** `segments`, by the local number `s`, which stands for (conversation, segment) in the tables that have many rows. */
export const SegmentRowHead = z.object({
  s: count,
  conversation: ConversationId,
  segment: SegmentName,
  present: z.boolean(),
  /**
   * C5: the blocks, and the rows up to this n, have the seqs of an earlier epoch of the server's database. They count as committed
   * before everything else: as seq 0. 0: none of them.
   */
  staleN: count,
  /** A bundle must reach this seq to make the segment present. */
  needs: Seq,
  /** There are deletions among the rows: worth merging soon, since content goes only then (N3). */
  deletions: z.boolean(),
});
export type SegmentRowHead = z.infer<typeof SegmentRowHead>;

/** Which clocks of a replica stand as messages in a block: [replica, lowest, highest]. */
const rootRange = z.tuple([z.number().int(), Clock, Clock]);

export const BlockRow = z.object({
  id: count,
  from: position,
  to: position,
  roots: count,
  maxSeq: Seq,
  rootRanges: z.array(rootRange),
  /** It holds deletions for everyone: an edit that comes later may be of a message that is gone (N3). Blocks of before do not tell. */
  deletions: z.boolean().default(true),
});
export type BlockRow = z.infer<typeof BlockRow>;

/** `merged`, by s: the table of contents of a segment's merged past. The blocks' bytes lie in `blocks`, by [s, id], packed. */
export const MergedRow = z.object({
  s: count,
  /** The highest seq in the blocks. */
  through: Seq,
  /** The highest n of a row that was merged. */
  mergedN: count,
  nextBlock: count,
  /** The next clock of each replica after the blocks. */
  clocks: z.record(z.string(), Clock),
  blocks: z.array(BlockRow),
});
export type MergedRow = z.infer<typeof MergedRow>;

/** `outbox`, by n. The update itself is the row `row` of `rows`. */
export const OutboxRow = z.object({
  n: count,
  conversation: ConversationId,
  s: count,
  segment: SegmentName,
  replica: ReplicaId,
  clock: Clock,
  row: count,
  size: count,
  attempted: z.boolean(),
  /** The place was emptied: nothing in it matters to anybody. */
  empty: z.boolean(),
});
export type OutboxRow = z.infer<typeof OutboxRow>;

/** `clocks`, by [s+replica]: the next clock of an own replica. */
export const ClockRow = z.object({ s: count, replica: ReplicaId, next: Clock });
export type ClockRow = z.infer<typeof ClockRow>;

/** `unread`, by s: the unread messages of a segment, packed (unread-places.ts). */
export const UnreadRow = z.object({ s: count, conversation: ConversationId, segment: SegmentName, places: bytes });
export type UnreadRow = z.infer<typeof UnreadRow>;

/** `failed`, by [conversation+id]. */
export const FailedRow = z.object({
  conversation: ConversationId,
  id: EventId,
  event: KnownEvent,
  code: z.enum(errorCodes),
  message: z.string(),
});
export type FailedRow = z.infer<typeof FailedRow>;

/** `commands`, by n. */
export const CommandRow = z.object({
  n: count,
  key: z.string(),
  method: z.enum(['POST', 'PATCH', 'DELETE']),
  path: z.string(),
  body: z.unknown(),
  title: z.string(),
  creates: ConversationId.nullable(),
  /** The round (see `DeviceRow`) in which it was given. */
  round: count,
  /** What it shows until it was answered. */
  effect: z.object({
    conversation: ConversationRecord.optional(),
    members: z.array(MemberRecord).optional(),
    people: z.array(Person).optional(),
  }),
});
export type CommandRow = z.infer<typeof CommandRow>;

/** `refusals`, by n. */
export const RefusalRow = z.object({ n: count, title: z.string(), code: z.enum(errorCodes), message: z.string() });
export type RefusalRow = z.infer<typeof RefusalRow>;

/** `replicas`, by replica. */
export const ReplicaRow = z.object({ replica: ReplicaId, retired: z.boolean() });
export type ReplicaRow = z.infer<typeof ReplicaRow>;

/** `damaged`, by a number of its own: what could not be read, whole, for a person to look at. */
export const DamagedTableRow = z.object({
  table: z.string(),
  key: z.string(),
  reason: z.string(),
  at: z.number(),
  value: z.unknown(),
});
export type DamagedTableRow = z.infer<typeof DamagedTableRow>;
