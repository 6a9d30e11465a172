/**
 * The port of everything a device keeps: one database per signed-in user, the only owner of IndexedDB. It lives in the worker
 * of each tab; tabs share the database and hear of each other's writes through `changed`.
 *
 * Invariants it keeps (docs/SYNC_SPEC.md)
 *   R2   an own update and its outbox row are written in one transaction with durability 'strict'
 *   C1   a cursor moves only in the transaction that stores what it counts
 *   P5   an own event is changed in place only while its outbox row says it was never attempted
 *   R11  a row that cannot be read is set aside and reported, and hides nothing else
 */
import type { ErrorCode } from '#schema/errors.ts';
import type { ConversationId, DeviceId, EventId, ReplicaId, SegmentName, UserId } from '#schema/ids.ts';
import type { ReadState } from '#schema/read-state.ts';
import type { KnownEvent, SegmentEvent } from '#schema/segment/events.ts';
import type { Changes } from '#schema/wire/changes.ts';
import type { Delta } from '#schema/wire/delta.ts';
import type { ConversationRecord, MemberRecord, Person } from '#schema/wire/people.ts';

/** Who is signed in on this device, and where its relational cursor stands. */
export interface DeviceState {
  readonly user: UserId;
  readonly device: DeviceId;
  /** The database epoch and cursor of the last stored `changes`; null before the first. */
  readonly epoch: string | null;
  readonly since: string | null;
}

/** The newest message shown of a conversation. */
export interface LastMessage {
  readonly id: EventId;
  readonly by: UserId;
  /** ms. */
  readonly at: number;
  readonly text: string;
  readonly deleted: boolean;
  /** Of a kind this version does not know. */
  readonly unknown: boolean;
  /** Null while only this device has it. */
  readonly seq: number | null;
  /** The server refused it for good. */
  readonly failed: boolean;
}

/** What a conversation's row in the list needs; derived, rebuilt from segments when it is missing. */
export interface StoredConversation {
  /** As shown: with what waiting commands change, and `read` merged with what was read on this device. */
  readonly record: ConversationRecord;
  /** More was read on this device than the server has confirmed: a receipt is due. */
  readonly readUnsent: boolean;
  /** Created on this device, not yet confirmed by the server. */
  readonly pending: boolean;
  /** C1; null before the conversation was hydrated for the first time. */
  readonly cursor: number | null;
  /** The head the server named last. */
  readonly head: number;
  readonly lastMessage: LastMessage | null;
  readonly unread: number;
  /** ms: what the list is sorted by. */
  readonly activity: number;
  readonly draft: Draft | null;
}

/** What a person was writing. */
export interface Draft {
  readonly text: string;
  readonly replyTo: EventId | null;
  /** ms. */
  readonly at: number;
}

/** One own update that waits for its ack, oldest first. */
export interface OutboxEntry {
  readonly n: number;
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
  readonly replica: ReplicaId;
  readonly clock: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  /** False: it has never left this device (P5). */
  readonly attempted: boolean;
}

/** A relational change that waits for the server: an HTTP request, sent in order, with its idempotency key. */
export interface CommandEntry {
  readonly n: number;
  readonly key: string;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body: unknown;
  /** What it is called in "Sync details". */
  readonly title: string;
  /** The conversation that is pending until this command was confirmed. */
  readonly creates: ConversationId | null;
}

/** An own event the server refused for good: its text is kept (R9). */
export interface FailedEvent {
  readonly id: EventId;
  readonly conversation: ConversationId;
  readonly event: KnownEvent;
  readonly code: ErrorCode;
  readonly message: string;
}

/** An unread message: where it stands, and its commit number. */
export interface UnreadMessage extends Position {
  readonly segment: SegmentName;
  readonly seq: number;
}

/** A place in display order (D8). */
export interface Position {
  readonly at: number;
  readonly replica: number;
  readonly clock: number;
}

/**
 * A stretch of the merged past, cut in display order: some hundred messages with everything about them, so that it can be read
 * alone. Blocks of a segment do not overlap; together they are the segment's merged past.
 */
export interface BlockInfo {
  readonly id: number;
  /** Position of the first and the last message in it. */
  readonly from: Position;
  readonly to: Position;
  /** Places in it that messages may stand at. */
  readonly roots: number;
  /** The highest seq in it. */
  readonly maxSeq: number;
}

/** The events of a block, in order of replica and clock. */
export interface BlockContent {
  readonly elements: readonly {
    readonly replica: number;
    readonly clock: number;
    readonly seq: number;
    readonly value: unknown;
  }[];
  /** Places whose content was deleted. */
  readonly gone: readonly { readonly replica: number; readonly clock: number; readonly seq: number }[];
}

/** A segment as a reader needs it: the merged past as blocks to be asked for one by one, and the updates beyond it. */
export interface StoredSegment {
  readonly segment: SegmentName;
  /** False: the device knows that it exists but has not fetched it, or not all of it; what it has is given all the same (C6). */
  readonly present: boolean;
  /** Oldest first. */
  readonly blocks: readonly BlockInfo[];
  /** In rising order of n. */
  readonly rows: readonly SegmentRow[];
  /** The highest n among the rows that were merged into the blocks: whoever has read these may go on with `rowsAfter` from the higher of both. */
  readonly mergedN: number;
}

/** One update beyond the merged past. `n` rises with each write on this device; a changed row gets a new one. */
export interface SegmentRow {
  readonly n: number;
  /** Null: an own update without an ack. */
  readonly seq: number | null;
  readonly bytes: Uint8Array;
}

/** What changed, told to every tab after the transaction that did it. */
export type StoreChange =
  | {
      readonly what: 'segment';
      readonly conversation: ConversationId;
      readonly segment: SegmentName;
      readonly rows: readonly number[];
      readonly whole: boolean;
    }
  | { readonly what: 'conversations'; readonly ids: readonly ConversationId[] }
  | { readonly what: 'people' }
  | { readonly what: 'members'; readonly conversation: ConversationId }
  | { readonly what: 'outbox' }
  | { readonly what: 'commands' }
  | { readonly what: 'device' };

/** A command the server refused: told to the person once. */
export interface StoredRefusal {
  readonly n: number;
  readonly title: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** A stored row that could not be read, set aside (R11). */
export interface DamagedRow {
  readonly table: string;
  readonly key: string;
  readonly reason: string;
  /** ms. */
  readonly at: number;
}

export interface DeviceStore {
  readonly kind: 'indexeddb' | 'memory';
  device(): Promise<DeviceState>;

  // Reading
  conversations(): Promise<StoredConversation[]>;
  conversation(id: ConversationId): Promise<StoredConversation | null>;
  people(): Promise<Person[]>;
  members(conversation: ConversationId): Promise<MemberRecord[]>;
  /** All segments of a conversation, newest first, with whether they are present. */
  segmentNames(conversation: ConversationId): Promise<{ segment: SegmentName; present: boolean }[]>;
  segment(conversation: ConversationId, segment: SegmentName): Promise<StoredSegment>;
  /** A block of the merged past. Null: it was replaced meanwhile; read the segment again. */
  block(conversation: ConversationId, segment: SegmentName, id: number): Promise<BlockContent | null>;
  /** Rows of a segment with n above `afterN`. Null: some of them were merged meanwhile; read the segment again. */
  rowsAfter(conversation: ConversationId, segment: SegmentName, afterN: number): Promise<SegmentRow[] | null>;
  /** Where a message stands in display order; null: it is not on this device, or nothing is shown of it. */
  locate(conversation: ConversationId, message: EventId): Promise<Position | null>;
  failed(conversation: ConversationId): Promise<FailedEvent[]>;
  /** Every unread message of others, in no order. */
  unread(conversation: ConversationId): Promise<UnreadMessage[]>;
  /** The unread message that stands first in display order. */
  firstUnread(conversation: ConversationId): Promise<UnreadMessage | null>;
  damaged(): Promise<DamagedRow[]>;

  // Writing own events. Each resolves after the strict commit.
  /** Appends one own event under the replica this tab leases. Gives its id. */
  append(conversation: ConversationId, segment: SegmentName, replica: ReplicaId, event: SegmentEvent): Promise<EventId>;
  /** Replaces an own event in place. False: it was attempted already (P5) or emptied meanwhile, and nothing was changed. */
  replaceUnsent(conversation: ConversationId, id: EventId, event: KnownEvent): Promise<boolean>;
  /** Forgets an event that failed, when its person discards it. (Ids are unique inside their conversation only.) */
  discardFailed(conversation: ConversationId, id: EventId): Promise<void>;
  saveDraft(conversation: ConversationId, draft: Draft | null): Promise<void>;
  /** Own read state, merged by maximum; recounts unread. */
  markRead(conversation: ConversationId, read: ReadState): Promise<void>;

  // Outbox (the leader's)
  /**
   * What may go out, oldest first, with n above `after` (0: from the beginning). Left out is what belongs to a conversation that is
   * pending, or that refused this user: it waits and blocks nothing (R11).
   */
  outbox(limit: number, after?: number): Promise<OutboxEntry[]>;
  /** What waits, that which may not go out yet included; places that were emptied are not counted. */
  outboxSize(): Promise<{ updates: number; bytes: number; commands: number }>;
  /** Clears "never sent" of these, in a strict transaction, before they go out. */
  markAttempted(ns: readonly number[]): Promise<void>;
  /**
   * Acks, in one transaction: the row gets its seq, the outbox row goes, the cursor moves on as far as the seqs are without a gap. A
   * deletion's ack (`to` above `seq`) stores the relay's Yjs deletion too. What is not in the outbox any more is skipped.
   */
  acknowledged(acks: readonly { readonly n: number; readonly seq: number; readonly to: number }[]): Promise<void>;
  /**
   * Refused for good: the content is kept as failed (R9) and its place becomes `empty`, never attempted, so that the chain goes on.
   * `not-a-member` and `unknown-conversation` refuse all that waits of the conversation, and hold it back until the user is a
   * member again. Harmless to repeat.
   */
  refused(n: number, code: ErrorCode, message: string): Promise<void>;
  /**
   * After the device's clock was found to be ahead: own events that were not acknowledged and lie after `latest` are shifted by
   * -`skew` ms (and to `latest` at the most), in place or, when the month changes, with new ids in another segment. `latest` is the
   * server's time + LIMITS.clockAheadMs: what lies after it cannot have been committed (D9), attempted or not.
   */
  retime(skew: number, latest: number): Promise<void>;
  /** P3: retires `replica` and writes what was not acknowledged of it again under `successor`: same text, same `at`, new ids. */
  rewriteUnsent(replica: ReplicaId, successor: ReplicaId): Promise<void>;

  // What comes from the relay
  /**
   * Stores a delta and moves the cursor, in one transaction. Gives the cursor after it (0 where there is none yet). A gap, or a
   * conversation this device does not know, leaves all as it is: `applied` false.
   */
  applyDelta(delta: Delta): Promise<{ cursor: number; applied: boolean }>;
  applyChanges(changes: Changes, epoch: string): Promise<void>;
  /** C6: takes note of which segments exist as of `head` (a SegmentList's), and sets the cursor. Those with news since the old cursor are to be fetched. */
  beginHydration(
    conversation: ConversationId,
    head: number,
    segments: readonly { readonly segment: SegmentName; readonly lastSeq: number }[],
  ): Promise<void>;
  /**
   * Stores a fetched segment (an uncompressed bundle, schema/segment/segment-bundle.ts). Own unacknowledged rows and newer rows stay;
   * own ones the bundle proves to be committed are acknowledged by it. False: the bundle is older than what is needed (a stale
   * cache), the segment is not present yet. Throws an Error for a bundle that cannot be read, having changed nothing.
   */
  putSegment(conversation: ConversationId, segment: SegmentName, bundle: Uint8Array): Promise<boolean>;
  /** Merges the committed rows of a segment into its blocks, when that is worth it. Cheap to call when it is not. Never touches what is not acknowledged. */
  compact(conversation: ConversationId, segment: SegmentName): Promise<void>;

  // Commands
  enqueueCommand(
    command: Omit<CommandEntry, 'n'>,
    optimistic: { conversation?: ConversationRecord; members?: MemberRecord[]; people?: Person[] },
  ): Promise<void>;
  commands(): Promise<CommandEntry[]>;
  /** Answered: it goes. `refusal` set: its optimistic effect is undone and the reason kept for the person (`refusals`). */
  commandDone(n: number, refusal: { code: ErrorCode; message: string } | null): Promise<void>;
  refusals(): Promise<StoredRefusal[]>;
  dismissRefusal(n: number): Promise<void>;

  // Replicas
  replicas(): Promise<{ replica: ReplicaId; retired: boolean }[]>;
  addReplicas(replicas: readonly ReplicaId[]): Promise<void>;
  retireReplica(replica: ReplicaId): Promise<void>;

  /** Calls back after each committed change, of this tab and of others. Gives the function that ends it. */
  changed(listener: (changes: readonly StoreChange[]) => void): () => void;
  /** Deletes everything this device keeps of this user. */
  erase(): Promise<void>;
  close(): Promise<void>;
}
