import type { ConversationAnswer } from '#schema/http/conversations.ts';
import { Refusal } from '#schema/errors.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { ConversationRecord, MemberRecord, Person } from '#schema/wire/people.ts';
import type { Queryable } from './database.ts';

type Columns<T> = T & { [column: string]: unknown };

/** Who left is not told who came after them (R12). */
const wasThere = `(SELECT own.left_at IS NULL OR m.joined_at <= own.left_at FROM memberships own
  WHERE own.conversation_id = m.conversation_id AND own.user_id = $2)`;

/**
 * A conversation as one of its people sees it, everybody who is or was in it, and who they are. Without a lock: inside a command the row
 * is held already.
 * @throws Refusal `unknown-conversation` unless the asker is or was a member
 */
export async function readConversation(
  database: Queryable,
  conversation: ConversationId,
  asker: UserId,
): Promise<ConversationAnswer> {
  const [record] = await database.query<Columns<ConversationRecord>>(
    `SELECT c.id, c.kind, c.title, c.created_by AS "createdBy", floor(extract(epoch FROM c.created_at) * 1000)::float8 AS "createdAt",
            m.role, m.joined_seq AS "joinedSeq", m.left_at IS NOT NULL AS left,
            json_build_object('seq', m.read_seq, 'above', m.read_above) AS read
     FROM conversations c JOIN memberships m ON m.conversation_id = c.id AND m.user_id = $2
     WHERE c.id = $1`,
    [conversation, asker],
  );
  if (!record) throw new Refusal('unknown-conversation');
  const members = await database.query<Columns<MemberRecord>>(
    `SELECT conversation_id AS conversation, user_id AS "user", role, left_at IS NOT NULL AS left,
            delivered_seq AS "deliveredSeq", read_seq AS "readSeq"
     FROM memberships m WHERE conversation_id = $1 AND ${wasThere} ORDER BY joined_at, user_id`,
    [conversation, asker],
  );
  const people = await database.query<Columns<Person>>(
    `SELECT u.id, u.name, u.about, u.placeholder FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.conversation_id = $1 AND ${wasThere} ORDER BY m.joined_at, m.user_id`,
    [conversation, asker],
  );
  return { conversation: record, members, people };
}

/** Those of an answer who are members now: whose devices hear of the change. */
export function currentMembers(answer: ConversationAnswer): UserId[] {
  return answer.members.filter((member) => !member.left).map((member) => member.user);
}
