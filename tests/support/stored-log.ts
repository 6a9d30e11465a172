/** Replicas and updates in a real database, for tests of what commits and reads them. */
import type { ConversationId, ReplicaId, SegmentName, UserId } from '#schema/ids.ts';
import { segmentOf } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { commitUpdates, type Chain, type ChainOutcome } from '#server/store/commit-updates.ts';
import type { Queryable } from '#server/store/database.ts';

/** 14 November 2026, noon UTC, ms. */
export const noon: number = Date.UTC(2026, 10, 14, 12);
/** The segment of `noon`. */
export const november: SegmentName = segmentOf(noon);

/** Grants a replica to a user, of no device. */
export async function storeReplica(database: Queryable, user: UserId): Promise<ReplicaId> {
  const [row] = await database.query<{ replica: ReplicaId }>(
    `INSERT INTO replicas (replica, user_id, granted_by) VALUES (nextval('replica_ids'), $1, 'block') RETURNING replica`,
    [user],
  );
  if (!row) throw new Error('no replica was granted');
  return row.replica;
}

/** A message as an event. */
export function message(by: UserId, text: string, at: number = noon): SegmentEvent {
  return { kind: 'message', by, at, text };
}

/** Whose place in which conversation a chain is for. */
export interface Author {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly replica: number;
}

/** A chain of one row for each text. */
export function chainOf(author: Author, clock: number, texts: readonly string[], changes: Partial<Chain> = {}): Chain {
  const rows = texts.map((text, i) => ({
    clock: clock + i,
    count: 1,
    bytes: encodeAppend(author.replica, clock + i, [message(author.user, text)]),
  }));
  return { ...author, segment: november, clock, count: texts.length, asAdmin: false, needs: [], rows, ...changes };
}

/** Commits one chain; throws unless it was stored. */
export async function commitTexts(
  database: Queryable,
  author: Author,
  clock: number,
  texts: readonly string[],
  changes: Partial<Chain> = {},
): Promise<ChainOutcome> {
  const [outcome] = await commitUpdates(database, [chainOf(author, clock, texts, changes)]);
  if (outcome?.outcome !== 'stored') throw new Error(`not stored: ${outcome?.outcome}`);
  return outcome;
}
