/** The SQL behind the segments of a conversation as members read them. Each statement looks at the membership itself (R12). */
import { Refusal } from '#schema/errors.ts';
import type { SegmentList } from '#schema/http/conversations.ts';
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';
import type { SegmentKey, StoredSnapshot } from './snapshots.ts';

/**
 * The segments of a conversation and its head, all as of one moment: a device that stores the list may take the head for its cursor (C6).
 * @throws Refusal `not-a-member`, `unknown-conversation`
 */
export async function listSegments(
  database: Queryable,
  conversation: ConversationId,
  user: UserId,
): Promise<SegmentList> {
  const [found] = await database.query<{
    head: number;
    left: boolean;
    segments: { segment: SegmentName; lastSeq: number; events: number }[] | null;
  }>(
    `SELECT c.head_seq AS head, m.left_at IS NOT NULL AS left,
            (SELECT json_agg(json_build_object('segment', s.segment, 'lastSeq', s.last_seq, 'events', s.events) ORDER BY s.segment DESC)
             FROM (SELECT segment, max(last_seq) AS last_seq, sum(events)::int AS events
                   FROM (SELECT segment, through_seq AS last_seq, event_count AS events FROM snapshots WHERE conversation_id = c.id
                         UNION ALL
                         SELECT segment, max(seq), sum(clock_count) FROM updates WHERE conversation_id = c.id GROUP BY segment) AS parts
                   GROUP BY segment) AS s) AS segments
     FROM conversations c JOIN memberships m ON m.conversation_id = c.id AND m.user_id = $2
     WHERE c.id = $1`,
    [conversation, user],
    'list-segments',
  );
  if (!found) throw new Refusal('unknown-conversation');
  if (found.left) throw new Refusal('not-a-member');
  return { conversation, head: found.head, segments: found.segments ?? [] };
}

/** What there is of a segment. */
export interface SegmentState {
  /** The seq of its last row, merged or not. */
  readonly lastSeq: number;
  /** Whether all of it is in its snapshot. */
  readonly merged: boolean;
  /** The database's identity: the same seq in a restored database may be something else (C5). */
  readonly epoch: string;
}

/**
 * What there is of a segment, for somebody who wants to read it; null when it has no events.
 * @throws Refusal `not-a-member`, `unknown-conversation`
 */
export async function readSegmentState(
  database: Queryable,
  { conversation, segment }: SegmentKey,
  user: UserId,
): Promise<SegmentState | null> {
  const [found] = await database.query<{
    left: boolean;
    epoch: string;
    through_seq: number | null;
    last_seq: number | null;
  }>(
    `SELECT m.left_at IS NOT NULL AS left, (SELECT epoch FROM installation) AS epoch,
            (SELECT through_seq FROM snapshots WHERE conversation_id = $1 AND segment = $2) AS through_seq,
            (SELECT max(seq) FROM updates WHERE conversation_id = $1 AND segment = $2) AS last_seq
     FROM memberships m WHERE m.conversation_id = $1 AND m.user_id = $3`,
    [conversation, segment, user],
    'segment-state',
  );
  if (!found) throw new Refusal('unknown-conversation');
  if (found.left) throw new Refusal('not-a-member');
  const lastSeq = found.last_seq ?? found.through_seq;
  return lastSeq === null ? null : { lastSeq, merged: found.last_seq === null, epoch: found.epoch };
}

/** The bytes of a segment's snapshot; null when it has none. Membership was looked at just before. */
export async function readSnapshot(
  database: Queryable,
  { conversation, segment }: SegmentKey,
): Promise<StoredSnapshot | null> {
  const [found] = await database.query<{ through_seq: number; body: Uint8Array }>(
    'SELECT through_seq, body FROM snapshots WHERE conversation_id = $1 AND segment = $2',
    [conversation, segment],
    'read-snapshot',
  );
  return found ? { throughSeq: found.through_seq, body: found.body } : null;
}
