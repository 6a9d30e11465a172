/** The SQL that finds segments worth merging. */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { Queryable } from './database.ts';
import type { SegmentKey } from './snapshots.ts';

/** A segment with rows beyond its snapshot. */
export interface UnmergedSegment extends SegmentKey {
  readonly rows: number;
  readonly bytes: number;
  /** ms since 1970 of its last row. */
  readonly lastAt: number;
  /**
   * ms since 1970 of the first row that is not merged yet and makes content go (N3): a deletion, or an edit where the snapshot holds deletions
   * of which one may be its message's; null without one.
   */
  readonly deletionAt: number | null;
  /** Events in its snapshot. */
  readonly merged: number;
}

interface UnmergedRow {
  readonly conversation_id: ConversationId;
  readonly segment: SegmentName;
  readonly rows: number;
  readonly bytes: number;
  readonly last_at: Date;
  readonly deletion_at: Date | null;
  readonly merged: number;
  readonly [column: string]: unknown;
}

/** A part of the walk through all segments with rows beyond their snapshot; `next` is where the following part begins, null at the end. */
export interface UnmergedPage {
  readonly segments: readonly UnmergedSegment[];
  readonly next: ConversationId | null;
}

/** The conversation before all others. */
export const firstConversation = '00000000-0000-0000-0000-000000000000' as ConversationId;

/** Above every id. */
const lastConversation = 'ffffffff-ffff-ffff-ffff-ffffffffffff' as ConversationId;

/** Walks the rows beyond snapshots in order of conversation, about `rows` of them at a time: a range of the primary key. */
export async function unmergedPage(database: Queryable, after: ConversationId, rows: number): Promise<UnmergedPage> {
  // A statement of its own: as a part of the other it would hide the end of the range from the planner.
  const [edge] = await database.query<{ conversation_id: ConversationId }>(
    `SELECT conversation_id FROM updates WHERE conversation_id > $1 ORDER BY conversation_id OFFSET $2 LIMIT 1`,
    [after, rows],
    'unmerged-edge',
  );
  const found = await database.query<UnmergedRow>(
    `${unmergedColumns} FROM updates u LEFT JOIN snapshots s USING (conversation_id, segment)
     WHERE u.conversation_id > $1 AND u.conversation_id <= $2 GROUP BY conversation_id, segment, s.event_count`,
    [after, edge?.conversation_id ?? lastConversation],
    'unmerged-page',
  );
  return { segments: found.map(unmergedSegment), next: edge?.conversation_id ?? null };
}

/** Segments with a deletion that waits to be merged since `before` (ms since 1970), at most `limit`. */
export async function unmergedDeletions(
  database: Queryable,
  before: number,
  limit: number,
): Promise<UnmergedSegment[]> {
  const found = await database.query<UnmergedRow>(
    `WITH waiting AS (SELECT DISTINCT conversation_id, segment FROM updates WHERE replica IS NULL AND committed_at <= $1 LIMIT $2)
     ${unmergedColumns}
     FROM waiting JOIN updates u USING (conversation_id, segment) LEFT JOIN snapshots s USING (conversation_id, segment)
     GROUP BY conversation_id, segment, s.event_count`,
    [new Date(before), limit],
    'unmerged-deletions',
  );
  return found.map(unmergedSegment);
}

/** The bytes of `kind: 'edit'` in a row, which must be as Yjs itself writes them (W1). A text may hold them too: a merge too many. */
const editMark = `'\\x046b696e64770465646974'::bytea`;

const unmergedColumns = `
  SELECT conversation_id, segment, count(*)::int AS rows, sum(length(u.bytes))::bigint AS bytes, max(u.committed_at) AS last_at,
         min(u.committed_at) FILTER (WHERE u.replica IS NULL OR (s.deletions AND position(${editMark} IN u.bytes) > 0)) AS deletion_at,
         coalesce(s.event_count, 0) AS merged`;

function unmergedSegment(row: UnmergedRow): UnmergedSegment {
  return {
    conversation: row.conversation_id,
    segment: row.segment,
    rows: row.rows,
    bytes: row.bytes,
    lastAt: row.last_at.getTime(),
    deletionAt: row.deletion_at?.getTime() ?? null,
    merged: row.merged,
  };
}
