/** The relay as the rest of the server sees it. `create-relay.ts` makes one. */
import type { IncomingMessage, Server } from 'node:http';
import type { ConversationId, DeviceId, SegmentName, UserId } from '#schema/ids.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { Database } from '../store/database.ts';
import type { SegmentKey } from '../store/snapshots.ts';

/** Who is behind a request: what the cookie of a session says. */
export interface SignedIn {
  readonly user: UserId;
  /** Null: signed in without introducing a device (a bot); such a session can use the stock endpoint alone. */
  readonly device: DeviceId | null;
  /** The session's id as in the table `sessions`. */
  readonly session: string;
}

/** What the relay is made of. Everything it needs from outside is here. */
export interface RelayDeps {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The server's clock, ms since 1970. */
  now(): number;
  /** A clock that does not go back, ms: for waits and rates; `performance.now` when left out. */
  readonly elapsed?: () => number;
  /** Null: not signed in, or not any more. Rejects when the database cannot be asked: the socket then ends with a code that is not final. */
  sessionOf(request: IncomingMessage): Promise<SignedIn | null>;
  /** Whether a browser may open a socket from the page that asks (Origin). A request without an Origin comes from no browser. */
  allowedOrigin(request: IncomingMessage): boolean;
  /**
   * What a document with this state vector lacks of a segment, in one Yjs update, with everything ever deleted of it. For stock providers
   * alone: see sync-server/snapshots.
   */
  missing(key: SegmentKey, stateVector: Uint8Array): Promise<Uint8Array>;
  /** Waits, where a test needs other ones than `defaultWaits`. */
  readonly waits?: Partial<RelayWaits>;
}

/** The relay's own waits, in ms. Those a device relies on too stand in `schema/limits.ts`. */
export interface RelayWaits {
  /** How long a socket may take to say hello. */
  readonly helloMs: number;
  /** Silence after which the relay sends a heartbeat. */
  readonly heartbeatMs: number;
  /** Silence after which a socket is taken for dead. */
  readonly silenceMs: number;
  /** How often the one timer of all sockets runs. */
  readonly tickMs: number;
  /** How often it is checked that the sessions of open sockets are still valid: covers a notice that got lost. */
  readonly sessionCheckMs: number;
  /** How long receipts gather before they are stored and told. */
  readonly receiptsMs: number;
  /** How long notices for other nodes gather. */
  readonly noticesMs: number;
  /** How often nodes tell each other that they are there. */
  readonly presenceMs: number;
  /** How long a batch of updates is tried before its pushes are answered `unavailable`. */
  readonly commitPatienceMs: number;
  /** How often an empty awareness frame goes to stock providers (Y2). */
  readonly awarenessMs: number;
}

/** An update is durable: its row has `seq`, and `to` is the last seq its commit took (a deletion takes one more). */
export interface Committed {
  readonly seq: number;
  readonly to: number;
}

/** An update somebody wants stored. */
export interface PushedUpdate {
  readonly user: UserId;
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
  /** One Yjs update of one replica. */
  readonly update: Uint8Array;
}

export interface Relay {
  /** Takes over the HTTP upgrades to `/socket` and `/y/…` of a server; any other upgrade is refused. */
  attach(server: Server): void;
  /**
   * To be called after a relational change was committed: every online device of these users, on any node, gets a fresh `changes`.
   * After members were added or removed the users are all members before and after.
   */
  relationalChange(users: readonly UserId[]): void;
  /** A device was revoked or signed out: its socket ends now (4440), on whatever node it is (R12). */
  endDevice(device: DeviceId): void;
  /** A session ended that may have no device: its sockets end now (4440), on whatever node they are (R12). */
  endSession(session: string): void;
  /** Somebody is no member any more: nothing more of the conversation reaches them, their sockets on its segments end (4403). */
  dropMember(conversation: ConversationId, user: UserId): void;
  /**
   * Checks and commits one update as if its author had pushed it, and tells everybody.
   * @throws Refusal
   */
  push(pushed: PushedUpdate): Promise<Committed>;
  /** Ends every socket (1001), answers what waits, stops every timer. The database stays open: it is the caller's. */
  close(): Promise<void>;
}
