import type { UpdateProfileRequest } from '#schema/http/accounts.ts';
import type { UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';
import type { Account } from './find-account.ts';

/** Changes what is given and leaves the rest; the row travels to everybody who knows the person (C4). */
export async function updateProfile(
  database: Queryable,
  user: UserId,
  change: UpdateProfileRequest,
): Promise<Account | undefined> {
  const [row] = await database.query<Account & { [column: string]: unknown }>(
    `UPDATE users SET name = coalesce($2, name), about = coalesce($3, about), xid = pg_current_xact_id()
     WHERE id = $1 AND email IS NOT NULL RETURNING id, name, about, email`,
    [user, change.name ?? null, change.about ?? null],
  );
  return row;
}
