import type { ConversationId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** The last seq of a conversation; null: there is no such conversation. */
export async function readHead(database: Queryable, conversation: ConversationId): Promise<number | null> {
  const [row] = await database.query<{ head: number }>(
    `SELECT head_seq AS head FROM conversations WHERE id = $1`,
    [conversation],
    'read-head',
  );
  return row?.head ?? null;
}
