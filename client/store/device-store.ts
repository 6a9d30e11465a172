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

/** What a conversation's row in the list needs; derived, rebuilt from segments when it is missing. */
export interface StoredConversation {
  readonly record: ConversationRecord;
  /** Created on this device, not yet confirmed by the server. */
  readonly pending: boolean;
  /** C1; null before the conversation was hydrated for the first time. */
  readonly cursor: number | null;
  /** The head the server named last. */
  readonly head: number;
  /** Newest message shown, for the list. */
  readonly lastMessage: { readonly id: EventId; readonly by: UserId; readonly at: number; readonly text: string; readonly deleted: boolean; readonly seq: number | null } | null;
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

/** A segment as a reader needs it. */
export interface StoredSegment {
  readonly segment: SegmentName;
  /** False: the device knows that it exists but has not fetched it; `rows` may hold newer updates all the same (C6). */
  readonly present: boolean;
  /** The merged past: an uncompressed Yjs update, with its seq runs; null when there is none. */
  readonly merged: { readonly update: Uint8Array; readonly seqs: readonly { seq: number; replica: number; count: number }[] } | null;
  readonly rows: readonly SegmentRow[];
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
  | { readonly what: 'segment'; readonly conversation: ConversationId; readonly segment: SegmentName; readonly rows: readonly number[]; readonly whole: boolean }
  | { readonly what: 'conversations'; readonly ids: readonly ConversationId[] }
  | { readonly what: 'people' }
  | { readonly what: 'members'; readonly conversation: ConversationId }
  | { readonly what: 'outbox' }
  | { readonly what: 'commands' }
  | { readonly what: 'device' };

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
  /** Rows of a segment with n above `afterN`. */
  rowsAfter(conversation: ConversationId, segment: SegmentName, afterN: number): Promise<SegmentRow[]>;
  failed(conversation: ConversationId): Promise<FailedEvent[]>;

  // Writing own events. Each resolves after the strict commit.
  /** Appends one own event under the replica this tab leases. Gives its id. */
  append(conversation: ConversationId, segment: SegmentName, replica: ReplicaId, event: SegmentEvent): Promise<EventId>;
  /** Replaces an own event in place. False: it was attempted already (P5), and nothing was changed. */
  replaceUnsent(conversation: ConversationId, id: EventId, event: KnownEvent): Promise<boolean>;
  /** Forgets an event that failed, when its person discards it. */
  discardFailed(id: EventId): Promise<void>;
  saveDraft(conversation: ConversationId, draft: Draft | null): Promise<void>;
  /** Own read state, merged by maximum; recounts unread. */
  markRead(conversation: ConversationId, read: ReadState): Promise<void>;

  // Outbox (the leader's)
  outbox(limit: number): Promise<OutboxEntry[]>;
  outboxSize(): Promise<{ updates: number; bytes: number; commands: number }>;
  /** Clears "never sent" of these, in a strict transaction, before they go out. */
  markAttempted(ns: readonly number[]): Promise<void>;
  /** The ack: the row gets its seq, the outbox row goes, the cursor moves on when this was the next seq. */
  acknowledged(n: number, seq: number, to: number): Promise<void>;
  /** Refused for good: the event's place becomes `empty` (never sent again), its content is kept as failed. */
  refused(n: number, code: ErrorCode, message: string): Promise<void>;
  /** Gives every own event that was not acknowledged a time shifted by -`skew` ms where it lies after `latest` (R5, D9), moving segments if needed. */
  retime(skew: number, latest: number): Promise<void>;
  /** P3: writes what was not acknowledged of `replica` again under `successor`. */
  rewriteUnsent(replica: ReplicaId, successor: ReplicaId): Promise<void>;

  // What comes from the relay
  /** Stores a delta and moves the cursor, in one transaction. Gives the cursor after it; a gap leaves all as it is. */
  applyDelta(delta: Delta): Promise<{ cursor: number; applied: boolean }>;
  applyChanges(changes: Changes, epoch: string): Promise<void>;
  /** C6: takes note of which segments exist as of `head`, and sets the cursor. */
  beginHydration(conversation: ConversationId, head: number, segments: readonly SegmentName[]): Promise<void>;
  /** Stores a fetched segment (an uncompressed bundle, schema/segment/segment-bundle.ts). Own unacknowledged rows and newer rows stay. */
  putSegment(conversation: ConversationId, segment: SegmentName, bundle: Uint8Array): Promise<void>;
  /** Merges the rows of a segment into its merged past, when that is worth it. Never touches what is not acknowledged. */
  compact(conversation: ConversationId, segment: SegmentName): Promise<void>;

  // Commands
  enqueueCommand(command: Omit<CommandEntry, 'n'>, optimistic: { conversation?: ConversationRecord; members?: MemberRecord[]; people?: Person[] }): Promise<void>;
  commands(): Promise<CommandEntry[]>;
  /** Answered: it goes. `refusal` set: its optimistic effect is undone and the reason kept for the person. */
  commandDone(n: number, refusal: { code: ErrorCode; message: string } | null): Promise<void>;

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
