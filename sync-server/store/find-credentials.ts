import type { UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** What a sign-in is checked against. */
export interface Credentials {
  readonly user: UserId;
  /** bcrypt. */
  readonly passwordHash: string;
}

/** The account with this email, without regard to case; undefined when there is none. */
export async function findCredentials(database: Queryable, email: string): Promise<Credentials | undefined> {
  const [row] = await database.query<{ id: UserId; password_hash: string }>(
    `SELECT id, password_hash FROM users WHERE lower(email) = lower($1) AND password_hash IS NOT NULL`,
    [email],
  );
  return row && { user: row.id, passwordHash: row.password_hash };
}
