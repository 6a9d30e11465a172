import type { UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

export interface NewUser {
  readonly id: UserId;
  readonly name: string;
  readonly email: string;
  /** bcrypt. */
  readonly passwordHash: string;
}

/**
 * Stores a person who signs up. The unique index on the email decides, so of two sign-ups at once one wins.
 * @returns false if the email, without regard to case, has an account already
 */
export async function createUser(database: Queryable, user: NewUser): Promise<boolean> {
  const rows = await database.query(
    `INSERT INTO users (id, name, email, password_hash) VALUES ($1, $2, $3, $4)
     ON CONFLICT (lower(email)) DO NOTHING RETURNING id`,
    [user.id, user.name, user.email, user.passwordHash],
  );
  return rows.length === 1;
}
