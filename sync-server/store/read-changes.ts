import type { UserId } from '#schema/ids.ts';
import type { Changes } from '#schema/wire/changes.ts';
import type { Queryable } from './database.ts';

/** What a device is told of the relational data: the frame without its type. */
export type RelationalChanges = Omit<Changes, 'type'>;

interface ChangesRow {
  /** The transaction id below which everything is decided; and whether `since` lies in the future of this database. */
  readonly cursor: string;
  readonly beyond: boolean;
  readonly conversations: Changes['conversations'];
  readonly members: Changes['members'];
  readonly people: Changes['people'];
  readonly heads: Changes['heads'];
  readonly [column: string]: unknown;
}

/**
 * Reads what changed for a user at or above a transaction id (C4), as of one moment; everything when it is null, or lies in the future
 * of this database (a backup was restored). The cost follows what changed and the number of the user's own conversations: each of these
 * is one probe by id, whatever the planner believes about sizes.
 */
export async function readChanges(database: Queryable, user: UserId, since: string | null): Promise<RelationalChanges> {
  if (since !== null) {
    const [row] = await database.query<ChangesRow>(changedSince, [user, since], 'changes-since');
    if (row && !row.beyond) return answer(row, false);
  }
  const [row] = await database.query<ChangesRow>(everything, [user], 'changes-everything');
  if (!row) throw new Error('a statement without FROM gave no row');
  return answer(row, true);
}

function answer(row: ChangesRow, complete: boolean): RelationalChanges {
  const { cursor, conversations, members, people, heads } = row;
  return { cursor, complete, conversations, members, people, heads };
}

const conversationRecord = `json_build_object(
  'id', o.id, 'kind', o.kind, 'title', o.title, 'createdBy', o.created_by, 'createdAt', floor(extract(epoch FROM o.created_at) * 1000)::bigint,
  'role', o.role, 'joinedSeq', o.joined_seq, 'left', o.left_at IS NOT NULL,
  'read', json_build_object('seq', o.read_seq, 'above', o.read_above))`;

const memberRecord = `json_build_object(
  'conversation', m.conversation_id, 'user', m.user_id, 'role', m.role, 'left', m.left_at IS NOT NULL,
  'deliveredSeq', m.delivered_seq, 'readSeq', m.read_seq)`;

const person = `json_build_object('id', u.id, 'name', u.name, 'about', u.about, 'placeholder', u.placeholder)`;

/** `o`: the user's conversations with their own place in them. */
const ownColumns = `
  SELECT c.*, m.role, m.joined_seq, m.left_at, m.read_seq, m.read_above, m.xid AS own_xid
  FROM memberships m
  JOIN LATERAL (SELECT * FROM conversations x WHERE x.id = m.conversation_id OFFSET 0) c ON true
  WHERE m.user_id = $1`;

/**
 * `moved` is the user's own place, `changed` the conversation: both at once says that they may have joined since, and all its members
 * are new to the device. (Who joins changes the conversation too; see add-members.ts.)
 */
const changedSince = `
  WITH own AS MATERIALIZED (
    SELECT o.*, o.own_xid >= $2::xid8 AS moved, o.xid >= $2::xid8 AS changed FROM (${ownColumns}) o
  ),
  members AS MATERIALIZED (
    SELECT m.*, o.changed FROM own o
    JOIN LATERAL (SELECT * FROM memberships x WHERE x.conversation_id = o.id AND x.xid >= $2::xid8 OFFSET 0) m ON true
    WHERE o.left_at IS NULL AND NOT (o.moved AND o.changed) OR o.left_at IS NOT NULL AND o.moved AND m.user_id = $1
    UNION ALL
    SELECT m.*, o.changed FROM own o
    JOIN LATERAL (SELECT * FROM memberships x WHERE x.conversation_id = o.id OFFSET 0) m ON true
    WHERE o.left_at IS NULL AND o.moved AND o.changed
  ),
  people AS (
    SELECT m.user_id AS id FROM members m WHERE m.changed
    UNION
    SELECT u.id FROM users u
    WHERE u.xid >= $2::xid8 AND EXISTS (SELECT FROM memberships x JOIN own o ON o.id = x.conversation_id WHERE x.user_id = u.id)
  )
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS cursor, $2::xid8 > pg_snapshot_xmax(pg_current_snapshot()) AS beyond,
         (SELECT coalesce(json_agg(${conversationRecord}), '[]') FROM own o WHERE o.moved OR o.changed AND o.left_at IS NULL) AS conversations,
         (SELECT coalesce(json_agg(${memberRecord}), '[]') FROM members m) AS members,
         (SELECT coalesce(json_agg(${person}), '[]') FROM people p JOIN users u ON u.id = p.id) AS people,
         (SELECT coalesce(json_agg(json_build_array(o.id, o.head_seq)), '[]') FROM own o
          WHERE o.left_at IS NULL AND o.head_seq > 0 AND (o.head_xid >= $2::xid8 OR o.moved AND o.changed)) AS heads`;

/** Of a conversation the user left: those who were in it then. */
const everything = `
  WITH own AS MATERIALIZED (${ownColumns}),
  members AS MATERIALIZED (
    SELECT m.* FROM own o
    JOIN LATERAL (SELECT * FROM memberships x WHERE x.conversation_id = o.id OFFSET 0) m ON true
    WHERE o.left_at IS NULL OR m.joined_at <= o.left_at
  )
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS cursor, false AS beyond,
         (SELECT coalesce(json_agg(${conversationRecord}), '[]') FROM own o) AS conversations,
         (SELECT coalesce(json_agg(${memberRecord}), '[]') FROM members m) AS members,
         (SELECT coalesce(json_agg(${person}), '[]') FROM users u
          WHERE u.id = $1 OR u.id IN (SELECT m.user_id FROM members m)) AS people,
         (SELECT coalesce(json_agg(json_build_array(o.id, o.head_seq)), '[]') FROM own o WHERE o.left_at IS NULL AND o.head_seq > 0) AS heads`;
