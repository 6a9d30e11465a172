/** What the stock endpoint needs from the rest of the relay, and what it gives to it. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { UserId } from '#schema/ids.ts';
import type { SegmentKey } from '../../store/snapshots.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Online } from '../online.ts';
import type { RelayFigures } from '../relay-figures.ts';
import type { RelayDeps } from '../relay.ts';

/** What is stored of segments, asked on behalf of a user. */
export interface StockStore {
  /** @throws Refusal `unknown-conversation` for who never was a member, `not-a-member` for who is no more */
  requireMember(key: SegmentKey, user: UserId): Promise<void>;
  /** The next clock of each replica of a segment. */
  clocks(key: SegmentKey): Promise<ReadonlyMap<number, number>>;
  /**
   * One Yjs update with everything a document lacks that has this state vector, and all that was ever deleted (as Yjs does it). Everything
   * committed before the call is in it.
   * @param stateVector as Yjs writes it; well formed
   * @throws Refusal as `requireMember`, and `unavailable` when too many ask
   */
  read(key: SegmentKey, user: UserId, stateVector: Uint8Array): Promise<Uint8Array>;
  /** Makes a clientID the user's if nobody holds it (P4). */
  grant(user: UserId, replica: number): Promise<'held' | 'taken' | 'too-many'>;
}

/** What a message costs the session it came from or went to. */
export interface StockCost {
  readonly bytes?: number;
  readonly updates?: number;
  readonly requests?: number;
}

export interface StockDeps extends Pick<RelayDeps, 'sessionOf' | 'allowedOrigin' | 'now' | 'logger' | 'metrics'> {
  readonly store: StockStore;
  readonly online: Pick<Online, 'moment' | 'admit' | 'join' | 'leave' | 'onSegment'>;
  readonly commits: Pick<CommitQueue, 'add'>;
  readonly figures: Pick<RelayFigures, 'foreignOrigins' | 'closed'>;
  /** Takes from a session's buckets. Gives the ms until they are out of debt: 0 mostly. */
  meter(session: string, cost: StockCost): number;
  /** How often a socket is given a sign of life, ms (Y2). */
  readonly awarenessMs: number;
}

/** Everything under `/y/`. Its open sockets are `SegmentSocket`s of `Online`, and end as all others do. */
export interface StockEndpoint {
  /** Takes over an HTTP upgrade to a path that begins with `/y/`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Stops the timer. The sockets are ended by who closes all of them. */
  close(): void;
}
