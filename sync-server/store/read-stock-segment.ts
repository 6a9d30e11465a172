import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';
import type { SegmentRow } from './segment-row.ts';

/** The next clock of each replica in a segment; null when the user is no member of the conversation. */
export async function readSegmentClocks(
  database: Queryable,
  conversation: ConversationId,
  segment: SegmentName,
  user: UserId,
): Promise<Map<number, number> | null> {
  const rows = await database.query<{ replica: number | null; next_clock: number }>(
    `SELECT k.replica, k.next_clock FROM memberships m
     LEFT JOIN replica_clocks k ON k.conversation_id = m.conversation_id AND k.segment = $2
     WHERE m.conversation_id = $1 AND m.user_id = $3 AND m.left_at IS NULL`,
    [conversation, segment, user],
    'segment-clocks',
  );
  if (rows.length === 0) return null;
  return new Map(rows.flatMap(({ replica, next_clock }) => (replica === null ? [] : [[replica, next_clock] as const])));
}

/** What was committed to a segment beyond its snapshot, in order of seq. */
export async function readSegmentRows(
  database: Queryable,
  conversation: ConversationId,
  segment: SegmentName,
): Promise<SegmentRow[]> {
  const rows = await database.query<{
    seq: number;
    replica: number | null;
    clock_from: number | null;
    clock_count: number;
    bytes: Uint8Array;
  }>(
    `SELECT seq, replica, clock_from, clock_count, bytes FROM updates WHERE conversation_id = $1 AND segment = $2 ORDER BY seq`,
    [conversation, segment],
    'segment-rows',
  );
  return rows.map((row) => ({
    seq: row.seq,
    segment,
    replica: row.replica,
    clockFrom: row.clock_from,
    clockCount: row.clock_count,
    bytes: row.bytes,
  }));
}
