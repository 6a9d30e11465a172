import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';
import type { SegmentRow } from './segment-row.ts';

/** What came after a seq. */
export interface PulledUpdates {
  /** The conversation's last seq. */
  readonly head: number;
  /** The seq up to which this brings somebody who was at `after`; below `head` when it was cut. */
  readonly through: number;
  /** In order of seq. */
  readonly rows: readonly SegmentRow[];
  /** Segments whose snapshots hold what is missing between the rows (C3). */
  readonly resyncSegments: readonly SegmentName[];
  /** The conversation's last relational change: as long as it is the same, so are its members. */
  readonly version: string;
}

export interface PullRequest {
  readonly conversation: ConversationId;
  readonly after: number;
  /** Gives nothing unless this user is a member now; null: the relay asks for itself. */
  readonly user: UserId | null;
  /** Bytes of updates at the most, except that there is always one row. */
  readonly bytes: number;
}

/** Rows looked at at once. */
const mostRows = 2_000;

interface PulledRow {
  readonly head: number;
  readonly version: string;
  readonly seq: number | null;
  readonly segment: SegmentName;
  readonly replica: number | null;
  readonly clock_from: number | null;
  readonly clock_count: number;
  readonly bytes: Uint8Array;
  readonly more: boolean;
  readonly [column: string]: unknown;
}

/** Reads what was committed after a seq: a range scan of the log. Null: no such conversation, or the user is no member. */
export async function pullUpdates(database: Queryable, request: PullRequest): Promise<PulledUpdates | null> {
  const { conversation, after } = request;
  const found = await database.query<PulledRow>(
    `WITH place AS MATERIALIZED (
       SELECT c.head_seq AS head, c.xid AS version FROM conversations c
       WHERE c.id = $1 AND ($2::uuid IS NULL OR EXISTS (
         SELECT FROM memberships m WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.left_at IS NULL))
     ),
     ahead AS (
       SELECT u.*, sum(length(u.bytes)) OVER w - length(u.bytes) AS bytes_before, row_number() OVER w AS n, (count(*) OVER ()) AS total
       FROM (SELECT * FROM updates WHERE conversation_id = $1 AND seq > $3 ORDER BY seq LIMIT $5) u WINDOW w AS (ORDER BY u.seq)
     )
     SELECT p.head, p.version, a.seq, a.segment, a.replica, a.clock_from, a.clock_count, a.bytes,
            a.total = $5 OR coalesce(max(a.n) OVER (), 0) < a.total AS more
     FROM place p LEFT JOIN ahead a ON a.bytes_before < $4 ORDER BY a.seq`,
    [conversation, request.user, after, request.bytes, mostRows],
    'pull-updates',
  );
  const [first] = found;
  if (!first) return null;
  const rows = first.seq === null ? [] : found.map(segmentRow);
  const last = rows.at(-1);
  const through = first.more && last ? last.seq : Math.max(first.head, after);
  const complete = through - after === rows.length;
  const resyncSegments = complete ? [] : await mergedAfter(database, conversation, after);
  return { head: first.head, through, rows, resyncSegments, version: first.version };
}

/** The segments whose snapshots hold rows with seqs above one. Asked after the rows were read: what vanished between is in it. */
async function mergedAfter(database: Queryable, conversation: ConversationId, after: number): Promise<SegmentName[]> {
  const rows = await database.query<{ segment: SegmentName }>(
    `SELECT segment FROM snapshots WHERE conversation_id = $1 AND through_seq > $2 ORDER BY segment DESC`,
    [conversation, after],
    'merged-after',
  );
  return rows.map((row) => row.segment);
}

function segmentRow(row: PulledRow): SegmentRow {
  return {
    seq: row.seq ?? 0,
    segment: row.segment,
    replica: row.replica,
    clockFrom: row.clock_from,
    clockCount: row.clock_count,
    bytes: row.bytes,
  };
}
