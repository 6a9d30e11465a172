/** Segments in a real database, for tests of what reads and merges the update log. */
import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { decodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { Database, Queryable } from '#server/store/database.ts';
import type { SegmentRow } from '#server/store/segment-row.ts';
import type { Model } from './segment-history.ts';

/** A group of one person, who holds every replica that is used in it. */
export interface StoredConversation {
  readonly conversation: ConversationId;
  readonly user: UserId;
  /** The replica of this database that stands for one of a history's: ids are unique in the whole database. */
  readonly replica: (name: number) => number;
}

/** @param replicas how many replicas the person holds; history ids up to this number are theirs */
export async function storeConversation(database: Queryable, replicas: number): Promise<StoredConversation> {
  const user = randomUUID() as UserId;
  const conversation = randomUUID() as ConversationId;
  await database.query(`INSERT INTO users (id, name, email, password_hash) VALUES ($1, 'Writer', $2, '-')`, [
    user,
    `${user}@example.org`,
  ]);
  const granted = await database.query<{ replica: number }>(
    `INSERT INTO replicas (replica, user_id, granted_by) SELECT nextval('replica_ids'), $1, 'block' FROM generate_series(1, $2::int) RETURNING replica`,
    [user, replicas],
  );
  await database.query(`INSERT INTO conversations (id, kind, title, created_by) VALUES ($1, 'group', 'Test', $2)`, [
    conversation,
    user,
  ]);
  await database.query(`INSERT INTO memberships (conversation_id, user_id, role) VALUES ($1, $2, 'owner')`, [
    conversation,
    user,
  ]);
  const replica = (name: number): number => {
    const own = granted[name - 1]?.replica;
    if (own === undefined) throw new Error(`the history uses replica ${name}; only ${replicas} were granted`);
    return own;
  };
  return { conversation, user, replica };
}

/** Stores rows as a commit of the relay leaves them, in one transaction, under the next seqs. Gives how many. */
export async function commitRows(
  database: Database,
  { conversation }: StoredConversation,
  rows: readonly SegmentRow[],
): Promise<number> {
  await database.transaction(async (transaction) => {
    const [head] = await transaction.query<{ before: number }>(
      'UPDATE conversations SET head_seq = head_seq + $2, head_xid = pg_current_xact_id() WHERE id = $1 RETURNING head_seq - $2 AS before',
      [conversation, rows.length],
    );
    for (const [i, row] of rows.entries()) {
      const seq = (head?.before ?? 0) + i + 1;
      await transaction.query(
        'INSERT INTO updates (conversation_id, seq, segment, replica, clock_from, clock_count, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [conversation, seq, row.segment, row.replica, row.clockFrom, row.clockCount, Buffer.from(row.bytes)],
      );
      if (row.replica === null || row.clockFrom === null) continue;
      await transaction.query(
        `INSERT INTO replica_clocks (conversation_id, segment, replica, next_clock) VALUES ($1, $2, $3, $4)
         ON CONFLICT (conversation_id, segment, replica) DO UPDATE SET next_clock = excluded.next_clock`,
        [conversation, row.segment, row.replica, row.clockFrom + row.clockCount],
      );
    }
  });
  return rows.length;
}

/** Everything of a segment as a reader would put it together: its snapshot, then the rows beyond it. */
export async function readStored(
  database: Queryable,
  conversation: ConversationId,
  segment: SegmentName,
): Promise<{ model: Model; snapshot: SegmentBundle | null; rows: number }> {
  const [found] = await database.query<{ body: Uint8Array | null; rows: Uint8Array[] | null }>(
    `SELECT (SELECT body FROM snapshots WHERE conversation_id = $1 AND segment = $2) AS body,
            (SELECT array_agg(bytes ORDER BY seq) FROM updates WHERE conversation_id = $1 AND segment = $2) AS rows`,
    [conversation, segment],
  );
  const snapshot = found?.body ? decodeBundle(gunzipSync(found.body)) : null;
  const rows = found?.rows ?? [];
  return { model: readUpdates([...(snapshot ? [snapshot.update] : []), ...rows]), snapshot, rows: rows.length };
}

/** What a reader finds in updates. */
export function readUpdates(updates: readonly Uint8Array[]): Model {
  const model: Model = new Map();
  const contents = updates.map(decodeUpdate);
  for (const { elements } of contents)
    for (const { replica, clock, value } of elements) model.set(`${replica}.${clock}`, value as SegmentEvent);
  for (const { gone, deletions } of contents) {
    for (const { replica, clock, count } of [...gone, ...deletions])
      for (let i = 0; i < count; i++) model.set(`${replica}.${clock + i}`, null);
  }
  return model;
}
