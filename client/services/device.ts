/**
 * What the screens may reach: the device as the interface sees it. Behind it, in a worker, are store, sync and readers
 * (client/worker). Everything here works with no network; what the server refuses later shows up in the state of the thing.
 */
import type { ConversationId, EventId, UserId } from '#schema/ids.ts';
import type { ConversationKind, MemberRecord, Person, Role } from '#schema/wire/people.ts';
import type { DeviceRecord } from '#schema/http/accounts.ts';
import type { Message } from '#schema/segment/segment-view.ts';
import type { Observable } from './observable.ts';

/** `data-state` of a message. `delivered` and `read` follow with receipts of others. */
export type MessageState = 'local' | 'sent' | 'delivered' | 'read' | 'failed';

/** A message in the timeline. */
export interface TimelineMessage extends Message {
  readonly own: boolean;
  readonly state: MessageState;
  /** Why it failed, in words for people; null unless `state` is `failed`. */
  readonly failure: string | null;
}

/** The part of a conversation's history that is loaded for the view: contiguous, in display order. */
export interface TimelineWindow {
  /** `loading` until the first messages are there; `ready` also when there are none. */
  readonly status: 'loading' | 'ready';
  readonly messages: readonly TimelineMessage[];
  /** Older messages exist beyond the window. `fetching`: they are on the server and being fetched or waiting for the network. */
  readonly older: 'none' | 'more' | 'fetching';
  readonly newer: 'none' | 'more';
  /** The first unread message at the time the timeline was opened; the divider "New messages" stays there. */
  readonly firstUnread: EventId | null;
}

/** An open conversation. */
export interface Timeline {
  readonly window: Observable<TimelineWindow>;
  /** Extends the window by about a hundred messages. Resolves when the window has them. */
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Moves the window so that it holds this message. False: it is not on this device. */
  jumpTo(message: EventId): Promise<boolean>;
  jumpToLatest(): Promise<void>;
  close(): void;
}

export interface ConversationSummary {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** The group's name, the other person's name, or "Notes". */
  readonly title: string;
  /** The other person of a direct conversation. */
  readonly peer: Person | null;
  readonly pending: boolean;
  /** The user was removed or left: it can be read, not written. */
  readonly left: boolean;
  readonly role: Role;
  readonly lastMessage: {
    readonly by: UserId;
    /** Name of the sender, "You" for the user. */
    readonly sender: string;
    readonly text: string;
    readonly deleted: boolean;
    readonly at: number;
    readonly state: MessageState;
  } | null;
  readonly draft: string | null;
  readonly unread: number;
  /** ms; the list is sorted by it, newest first. */
  readonly activity: number;
}

/** The connection as experience.md §6 words it. */
export type ConnectionStatus =
  | { readonly kind: 'online' }
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'syncing'; readonly changes: number }
  | { readonly kind: 'saved' }
  /** The server ended it for good: the session is no more, or this version is too old. */
  | { readonly kind: 'ended'; readonly reason: 'signed-out' | 'update-needed' | 'refused' };

/** Something that waits, for "Sync details". */
export interface WaitingItem {
  readonly id: string;
  readonly kind: 'message' | 'change';
  readonly title: string;
  readonly bytes: number;
  /** False: it has been attempted, and may have been committed unseen. */
  readonly cancellable: boolean;
}

export interface SyncDetails {
  readonly waiting: readonly WaitingItem[];
  readonly bytes: number;
  /** ms; null when there was none yet. */
  readonly lastSync: number | null;
  /** History still being fetched: segments. */
  readonly segmentsToFetch: number;
}

/** Something the person should know once, such as a refused change or a corrected clock. */
export interface Notice {
  readonly id: number;
  readonly level: 'information' | 'error';
  readonly text: string;
}

export interface SearchHit {
  readonly conversation: ConversationId;
  readonly message: TimelineMessage;
}

export interface Profile {
  readonly id: UserId;
  readonly name: string;
  readonly about: string;
  readonly email: string;
}

export interface Device {
  readonly profile: Observable<Profile>;
  /** Null while they are read for the first time. */
  readonly conversations: Observable<readonly ConversationSummary[] | null>;
  readonly people: Observable<ReadonlyMap<UserId, Person>>;
  readonly connection: Observable<ConnectionStatus>;
  readonly syncDetails: Observable<SyncDetails>;
  /** `memory`: IndexedDB failed, everything is lost when the tab closes. */
  readonly storage: Observable<'indexeddb' | 'memory'>;
  readonly notices: Observable<readonly Notice[]>;

  openTimeline(conversation: ConversationId): Timeline;
  members(conversation: ConversationId): Promise<readonly MemberRecord[]>;

  /** Resolves once the event is durable on this device. Throws a Refusal when the text is empty or too long. */
  sendMessage(conversation: ConversationId, text: string, replyTo: EventId | null): Promise<EventId>;
  editMessage(conversation: ConversationId, message: EventId, text: string): Promise<void>;
  /** For everyone. One that was never sent never leaves the device. */
  deleteMessage(conversation: ConversationId, message: EventId): Promise<void>;
  react(conversation: ConversationId, message: EventId, emoji: string, on: boolean): Promise<void>;
  /** Everything shown up to this message was seen. */
  markRead(conversation: ConversationId, upTo: EventId): Promise<void>;
  draft(conversation: ConversationId): Promise<{ text: string; replyTo: EventId | null } | null>;
  saveDraft(conversation: ConversationId, text: string, replyTo: EventId | null): Promise<void>;

  /** Works offline: the id is final at once, the conversation is pending until the server has it. */
  startDirect(person: Person): Promise<ConversationId>;
  createGroup(title: string, people: readonly Person[]): Promise<ConversationId>;
  /** People known to the device first; the server's answers are added when there is a network. */
  searchPeople(query: string): Promise<readonly Person[]>;
  searchMessages(query: string, conversation: ConversationId | null, limit: number): Promise<readonly SearchHit[]>;

  updateProfile(change: { name?: string; about?: string }): Promise<void>;
  /** Throws a Refusal of code `unavailable` without a network. */
  devices(): Promise<readonly DeviceRecord[]>;
  revokeDevice(id: string): Promise<void>;

  syncNow(): void;
  /** Takes back something that waits. */
  cancelWaiting(id: string): Promise<void>;
  dismissNotice(id: number): void;
  /** Ends the session; offline it ends as soon as the server can be told. `erase`: deletes what this device keeps. */
  signOut(erase: boolean): Promise<void>;
}
