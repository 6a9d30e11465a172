/**
 * What the main thread of a tab and its worker say to each other. The main thread draws, and holds the socket and `fetch` as plain
 * pipes; everything else of a device lives in the worker. Both sides are of the same build, so nothing is parsed here.
 */
import type { ErrorCode } from '#schema/errors.ts';
import type { ConversationId, DeviceId, EventId, UserId } from '#schema/ids.ts';
import type { Person } from '#schema/wire/people.ts';
import type {
  ConnectionStatus,
  ConversationSummary,
  Device,
  Notice,
  Profile,
  SyncDetails,
} from '#client/services/device.ts';
import type { HttpAnswer, HttpRequest } from '#client/sync/http-port.ts';
import type { WindowSplice } from './window-splice.ts';

/** Who the device belongs to, and what only the main thread knows at the start. */
export interface WorkerStart {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly profile: Profile;
  readonly online: boolean;
}

/** Values the worker publishes whenever they change. */
export interface Topics {
  readonly profile: Profile;
  readonly people: readonly Person[];
  readonly connection: ConnectionStatus;
  readonly syncDetails: SyncDetails;
  readonly storage: 'indexeddb' | 'memory';
  readonly notices: readonly Notice[];
}

/** What the main thread may ask of the worker. */
export interface WorkerActs extends Pick<
  Device,
  | 'members'
  | 'sendMessage'
  | 'editMessage'
  | 'deleteMessage'
  | 'react'
  | 'markRead'
  | 'draft'
  | 'saveDraft'
  | 'startDirect'
  | 'createGroup'
  | 'searchPeople'
  | 'searchMessages'
  | 'updateProfile'
  | 'devices'
  | 'revokeDevice'
  | 'cancelWaiting'
> {
  syncNow(): Promise<void>;
  dismissNotice(id: number): Promise<void>;
  openTimeline(timeline: number, conversation: ConversationId): Promise<void>;
  loadOlder(timeline: number): Promise<void>;
  loadNewer(timeline: number): Promise<void>;
  jumpTo(timeline: number, message: EventId): Promise<boolean>;
  jumpToLatest(timeline: number): Promise<void>;
  closeTimeline(timeline: number): Promise<void>;
  /** Stops the engine; `erase`: deletes the database of this person. */
  shutDown(erase: boolean): Promise<void>;
}

/** An error as it crosses: `code` when it is a Refusal. */
export interface CrossingError {
  readonly message: string;
  readonly code: ErrorCode | null;
}

export type ToWorker =
  | { readonly kind: 'start'; readonly start: WorkerStart }
  | { readonly kind: 'call'; readonly id: number; readonly act: keyof WorkerActs; readonly given: readonly unknown[] }
  | { readonly kind: 'network'; readonly online: boolean }
  /** The first list stands on the screen: what is large may be loaded. */
  | { readonly kind: 'list-shown' }
  | { readonly kind: 'socket-opened'; readonly socket: number }
  | { readonly kind: 'socket-message'; readonly socket: number; readonly bytes: Uint8Array }
  | { readonly kind: 'socket-closed'; readonly socket: number; readonly code: number }
  /** `answer` null: there was none. */
  | { readonly kind: 'http-answer'; readonly id: number; readonly answer: HttpAnswer | null };

export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: CrossingError }
  | { [T in keyof Topics]: { readonly kind: 'topic'; readonly topic: T; readonly value: Topics[T] } }[keyof Topics]
  /** Rows of the list that are new or changed, and those that are gone; `whole`: these are all. */
  | {
      readonly kind: 'conversations';
      readonly whole: boolean;
      readonly changed: readonly ConversationSummary[];
      readonly removed: readonly ConversationId[];
    }
  | { readonly kind: 'timeline'; readonly timeline: number; readonly splice: WindowSplice }
  | { readonly kind: 'socket-open'; readonly socket: number }
  | { readonly kind: 'socket-send'; readonly socket: number; readonly bytes: Uint8Array }
  | { readonly kind: 'socket-close'; readonly socket: number }
  | { readonly kind: 'http-request'; readonly id: number; readonly request: HttpRequest }
  /** The worker cannot go on: the page has to be loaded anew. */
  | { readonly kind: 'broken'; readonly reason: string };
