/** The SQL of snapshots: what of a segment is merged, what is not yet, and the step from one to the other (N1). */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { DatabaseSession } from './database.ts';
import type { SegmentRow } from './segment-row.ts';

/** A segment of a conversation. */
export interface SegmentKey {
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
}

/** A stored snapshot: a gzipped bundle (schema/segment/segment-bundle.ts). */
export interface StoredSnapshot {
  readonly throughSeq: number;
  readonly body: Uint8Array;
}

/** A segment as it is at one moment. */
export interface SegmentContent {
  readonly snapshot: StoredSnapshot | null;
  /** What was committed after the snapshot, in order of seq; cut at the limits asked for. */
  readonly rows: readonly SegmentRow[];
  /** Whether more rows follow. */
  readonly more: boolean;
  /** The next clock of each replica as of the last of these rows, by the database's own account. */
  readonly clocks: ReadonlyMap<number, number>;
}

/** How much of a segment is read at once. */
export interface ReadLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Somebody else changed the segment meanwhile: nothing was stored, and the merge begins anew. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** Keeps other nodes off a segment while this session merges it. False: one is at it. Ends with the session at the latest. */
export async function lockSegment(session: DatabaseSession, { conversation, segment }: SegmentKey): Promise<boolean> {
  const [row] = await session.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('snapshot ' || $1 || ' ' || $2, 0)) AS locked`,
    [conversation, segment],
  );
  return row?.locked === true;
}

export async function unlockSegment(session: DatabaseSession, { conversation, segment }: SegmentKey): Promise<void> {
  await session.query(`SELECT pg_advisory_unlock(hashtextextended('snapshot ' || $1 || ' ' || $2, 0))`, [
    conversation,
    segment,
  ]);
}

interface ContentRow {
  readonly seq: number;
  readonly replica: number | null;
  readonly clock_from: number | null;
  readonly clock_count: number;
  readonly bytes: Uint8Array;
  readonly total: number;
  readonly [column: string]: unknown;
}

/** Reads a segment as of one moment. The session must not be in a transaction. */
export async function readSegment(
  session: DatabaseSession,
  key: SegmentKey,
  limits: ReadLimits,
): Promise<SegmentContent> {
  const place = [key.conversation, key.segment];
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const [snapshot] = await session.query<{ through_seq: number; body: Uint8Array }>(
      'SELECT through_seq, body FROM snapshots WHERE conversation_id = $1 AND segment = $2',
      place,
    );
    const found = await session.query<ContentRow>(
      `SELECT seq, replica, clock_from, clock_count, bytes, total
       FROM (SELECT *, sum(length(bytes)) OVER w AS bytes_so_far, row_number() OVER w AS n, (count(*) OVER ())::int AS total
             FROM updates WHERE conversation_id = $1 AND segment = $2 WINDOW w AS (ORDER BY seq)) AS numbered
       WHERE n = 1 OR (n <= $3 AND bytes_so_far <= $4) ORDER BY seq`,
      [...place, limits.rows, limits.bytes],
    );
    const rows = found.map((row): SegmentRow => ({
      seq: row.seq,
      segment: key.segment,
      replica: row.replica,
      clockFrom: row.clock_from,
      clockCount: row.clock_count,
      bytes: row.bytes,
    }));
    const last = rows.at(-1)?.seq ?? 0;
    const clocks = await session.query<{ replica: number; clock: number }>(
      `SELECT k.replica, k.next_clock - coalesce(sum(u.clock_count), 0)::int AS clock
       FROM replica_clocks k
       LEFT JOIN updates u ON u.conversation_id = k.conversation_id AND u.segment = k.segment AND u.replica = k.replica AND u.seq > $3
       WHERE k.conversation_id = $1 AND k.segment = $2 GROUP BY k.replica, k.next_clock`,
      [...place, last],
    );
    return {
      snapshot: snapshot ? { throughSeq: snapshot.through_seq, body: snapshot.body } : null,
      rows,
      more: (found[0]?.total ?? 0) > rows.length,
      clocks: new Map(clocks.map((row) => [row.replica, row.clock])),
    };
  } finally {
    await session.query('ROLLBACK');
  }
}

/** What replaces what. */
export interface NewSnapshot {
  readonly key: SegmentKey;
  /** Through which seq the snapshot went that was merged into this one; null when there was none. */
  readonly replaces: number | null;
  readonly snapshot: StoredSnapshot;
  readonly eventCount: number;
  /** Whether it holds deletions for everyone. */
  readonly deletions: boolean;
  /** The seqs of exactly the rows that were read. */
  readonly seqs: readonly number[];
  /** Those of them that could not be merged, and why. */
  readonly bad: readonly { readonly seq: number; readonly reason: string }[];
}

/**
 * Stores a snapshot and removes the rows it was made of, bad ones into quarantine: all or nothing.
 * @throws Superseded if the snapshot or one of the rows is not as it was read
 */
export async function storeSnapshot(session: DatabaseSession, next: NewSnapshot): Promise<void> {
  const place = [next.key.conversation, next.key.segment];
  await session.query('BEGIN');
  try {
    const stored = await session.query(
      `INSERT INTO snapshots AS s (conversation_id, segment, through_seq, event_count, deletions, body) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (conversation_id, segment) DO UPDATE
         SET through_seq = excluded.through_seq, event_count = excluded.event_count, deletions = excluded.deletions,
             body = excluded.body, made_at = now()
         WHERE s.through_seq = $7
       RETURNING through_seq`,
      [
        ...place,
        next.snapshot.throughSeq,
        next.eventCount,
        next.deletions,
        Buffer.from(next.snapshot.body),
        next.replaces,
      ],
    );
    if (stored.length !== 1) throw new Superseded('the snapshot was replaced meanwhile');
    const [removed] = await session.query<{ count: number }>(
      `WITH removed AS (
         DELETE FROM updates WHERE conversation_id = $1 AND segment = $2 AND seq = ANY ($3::bigint[])
         RETURNING conversation_id, seq, segment, replica, clock_from, bytes
       ), kept AS (
         INSERT INTO quarantine (conversation_id, seq, segment, replica, clock_from, bytes, reason)
         SELECT r.conversation_id, r.seq, r.segment, r.replica, r.clock_from, r.bytes, b.reason
         FROM removed r JOIN unnest($4::bigint[], $5::text[]) AS b (seq, reason) ON b.seq = r.seq
       )
       SELECT count(*)::int AS count FROM removed`,
      [...place, next.seqs, next.bad.map((row) => row.seq), next.bad.map((row) => row.reason)],
    );
    if (removed?.count !== next.seqs.length) throw new Superseded('a row was removed meanwhile');
    await session.query('COMMIT');
  } catch (error) {
    // When the connection is gone there is nothing to roll back, and the first error says more.
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
