import type { UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** The person and everybody who shares a conversation with them: whose devices show their name. */
export async function listCompanions(database: Queryable, user: UserId): Promise<UserId[]> {
  const rows = await database.query<{ user_id: UserId }>(
    `SELECT DISTINCT other.user_id
     FROM memberships own JOIN memberships other ON other.conversation_id = own.conversation_id AND other.left_at IS NULL
     WHERE own.user_id = $1 AND own.left_at IS NULL
     UNION SELECT $1`,
    [user],
  );
  return rows.map((row) => row.user_id);
}
