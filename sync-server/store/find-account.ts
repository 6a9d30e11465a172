import type { Me } from '#schema/http/accounts.ts';
import type { UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** A person as they see themselves; undefined when there is no such account. */
export type Account = Me['user'];

export async function findAccount(database: Queryable, user: UserId): Promise<Account | undefined> {
  const [row] = await database.query<Account & { [column: string]: unknown }>(
    `SELECT id, name, about, email FROM users WHERE id = $1 AND email IS NOT NULL`,
    [user],
  );
  return row;
}
