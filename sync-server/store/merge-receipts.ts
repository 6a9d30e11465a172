import type { ConversationId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { ReadState } from '#schema/read-state.ts';
import type { ConversationRecord, MemberRecord } from '#schema/wire/people.ts';
import type { Queryable } from './database.ts';

/** How far a person's devices stored a conversation, and what of it the person read. */
export interface NewReceipt {
  readonly conversation: ConversationId;
  readonly user: UserId;
  readonly delivered: number;
  /** Null: nothing new. */
  readonly read: ReadState | null;
}

/** A place in a conversation that moved, as its other members and as the person's own devices see it. */
export interface MovedPlace {
  readonly member: MemberRecord;
  readonly own: ConversationRecord;
}

/**
 * Merges receipts by maximum (E1), positions beyond the conversation's head cut to it. At most one receipt of a (conversation, user).
 * Gives the places that moved; a receipt that says nothing new, or comes from no member, moves none.
 */
export async function mergeReceipts(database: Queryable, receipts: readonly NewReceipt[]): Promise<MovedPlace[]> {
  // In one order everywhere: two nodes that store receipts at once cannot wait for each other.
  const ordered = [...receipts].sort(
    (one, other) => compare(one.conversation, other.conversation) || compare(one.user, other.user),
  );
  return database.query<MovedPlace & { [column: string]: unknown }>(
    merge,
    [
      ordered.map((receipt) => receipt.conversation),
      ordered.map((receipt) => receipt.user),
      ordered.map((receipt) => receipt.delivered),
      ordered.map((receipt) => receipt.read?.seq ?? 0),
      ordered.map((receipt) => JSON.stringify(receipt.read?.above ?? {})),
      LIMITS.readAbove,
    ],
    'merge-receipts',
  );
}

/** Reads places as they are: what another node says has moved. */
export async function readPlaces(
  database: Queryable,
  places: readonly { readonly conversation: ConversationId; readonly user: UserId }[],
): Promise<MovedPlace[]> {
  return database.query<MovedPlace & { [column: string]: unknown }>(
    `SELECT ${records} FROM unnest($1::uuid[], $2::uuid[]) AS w (conversation_id, user_id)
     JOIN memberships m USING (conversation_id, user_id) JOIN conversations c ON c.id = m.conversation_id`,
    [places.map((place) => place.conversation), places.map((place) => place.user)],
    'read-places',
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const records = `
  json_build_object('conversation', m.conversation_id, 'user', m.user_id, 'role', m.role, 'left', m.left_at IS NOT NULL,
    'deliveredSeq', m.delivered_seq, 'readSeq', m.read_seq) AS member,
  json_build_object('id', c.id, 'kind', c.kind, 'title', c.title, 'createdBy', c.created_by,
    'createdAt', floor(extract(epoch FROM c.created_at) * 1000)::bigint, 'role', m.role, 'joinedSeq', m.joined_seq,
    'left', m.left_at IS NOT NULL, 'read', json_build_object('seq', m.read_seq, 'above', m.read_above)) AS own`;

/**
 * The rows are locked in order first, then merged with what they hold after the wait. Of the positions above `read_seq` the newest months
 * stay, should a device name more than anybody can read at once.
 */
const merge = `
  WITH wanted AS MATERIALIZED (
    SELECT w.*, least(w.delivered, c.head_seq) AS delivered_seq, least(w.seq, c.head_seq) AS read_seq,
           c.id, c.kind, c.title, c.created_by, c.created_at
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::jsonb[]) AS w (conversation_id, user_id, delivered, seq, above)
    JOIN conversations c ON c.id = w.conversation_id
  ),
  held AS MATERIALIZED (
    SELECT m.conversation_id, m.user_id, m.delivered_seq, m.read_seq, m.read_above
    FROM memberships m JOIN wanted w USING (conversation_id, user_id)
    WHERE m.left_at IS NULL ORDER BY m.conversation_id, m.user_id FOR NO KEY UPDATE OF m
  ),
  merged AS MATERIALIZED (
    SELECT h.conversation_id, h.user_id, greatest(h.delivered_seq, w.delivered_seq) AS delivered_seq,
           greatest(h.read_seq, w.read_seq) AS read_seq,
           CASE WHEN w.above = '{}' THEN h.read_above ELSE (
             SELECT coalesce(jsonb_object_agg(k.key, k.clock), '{}') FROM (
               SELECT a.key, max(a.value::bigint) AS clock
               FROM (SELECT * FROM jsonb_each_text(h.read_above) UNION ALL SELECT * FROM jsonb_each_text(w.above)) a
               GROUP BY a.key ORDER BY a.key DESC LIMIT $6) k) END AS read_above
    FROM held h JOIN wanted w USING (conversation_id, user_id)
  )
  UPDATE memberships m
  SET delivered_seq = g.delivered_seq, read_seq = g.read_seq, read_above = g.read_above, xid = pg_current_xact_id()
  FROM merged g JOIN conversations c ON c.id = g.conversation_id
  WHERE m.conversation_id = g.conversation_id AND m.user_id = g.user_id
    AND (g.delivered_seq, g.read_seq, g.read_above) IS DISTINCT FROM (m.delivered_seq, m.read_seq, m.read_above)
  RETURNING ${records}`;
