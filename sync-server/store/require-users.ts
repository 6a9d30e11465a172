import { Refusal } from '#schema/errors.ts';
import type { UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** @throws Refusal `not-found` unless all of these people exist */
export async function requireUsers(database: Queryable, users: readonly UserId[]): Promise<void> {
  const missing = await database.query(
    `SELECT 1 FROM unnest($1::uuid[]) AS wanted (id) WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = wanted.id) LIMIT 1`,
    [users],
  );
  if (missing.length > 0) throw new Refusal('not-found', 'One of these people has no account here.');
}
