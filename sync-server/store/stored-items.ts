/** What is stored in a place of the log: to tell a replay from a conflict (W3). */
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { decodeBundle, type SegmentBundle } from '#schema/segment/segment-bundle.ts';
import type { Queryable } from './database.ts';
import type { SegmentRow } from './segment-row.ts';

const unzip = promisify(gunzip);

/** Clocks from `from` up to but without `to` of one replica in one segment. */
export interface ClockSpan {
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
  readonly replica: number;
  readonly from: number;
  readonly to: number;
}

interface StoredRow {
  readonly seq: number;
  readonly clock_from: number;
  readonly clock_count: number;
  readonly bytes: Uint8Array;
  readonly [column: string]: unknown;
}

/** The rows of the log that hold any of these clocks, in order of clock; what was merged is not among them. */
export async function storedRows(database: Queryable, span: ClockSpan): Promise<SegmentRow[]> {
  // A scan of what the conversation has beyond its snapshots: bounded by the merging, and asked for only after a lost answer.
  const rows = await database.query<StoredRow>(
    `SELECT seq, clock_from, clock_count, bytes FROM updates
     WHERE conversation_id = $1 AND segment = $2 AND replica = $3 AND clock_from < $5 AND clock_from + clock_count > $4
     ORDER BY clock_from`,
    [span.conversation, span.segment, span.replica, span.from, span.to],
    'stored-rows',
  );
  return rows.map((row) => ({
    seq: row.seq,
    segment: span.segment,
    replica: span.replica,
    clockFrom: row.clock_from,
    clockCount: row.clock_count,
    bytes: row.bytes,
  }));
}

/** What of a segment was merged; null when nothing was. */
export async function storedBundle(
  database: Queryable,
  conversation: ConversationId,
  segment: SegmentName,
): Promise<SegmentBundle | null> {
  const [row] = await database.query<{ body: Uint8Array }>(
    `SELECT body FROM snapshots WHERE conversation_id = $1 AND segment = $2`,
    [conversation, segment],
    'stored-bundle',
  );
  return row ? decodeBundle(await unzip(row.body)) : null;
}
