import type { UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** The answer a command was given. */
export interface CommandAnswer {
  readonly status: number;
  /** JSON; null for an answer without a body. */
  readonly body: unknown;
}

/** What is known of a command's key: nothing (it is ours to execute now), its answer, or that it stood for another command. */
export type KeyClaim =
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly answer: CommandAnswer }
  | { readonly kind: 'other-command' };

/**
 * Takes a key for the command this transaction is about to execute. Whoever sends the same at the same moment waits here until this
 * transaction ends, and then finds the answer; or, if it was rolled back, the key free.
 * @param hash sha256 of what is asked
 */
export async function claimKey(transaction: Queryable, user: UserId, key: string, hash: Uint8Array): Promise<KeyClaim> {
  const claimed = await transaction.query(
    `INSERT INTO idempotency_keys (user_id, key, request_hash, status, body) VALUES ($1, $2, $3, 0, 'null') ON CONFLICT (user_id, key) DO NOTHING RETURNING key`,
    [user, key, hash],
  );
  if (claimed.length === 1) return { kind: 'new' };
  const [row] = await transaction.query<{ same: boolean; status: number; body: unknown }>(
    `SELECT request_hash = $3 AS same, status, body FROM idempotency_keys WHERE user_id = $1 AND key = $2`,
    [user, key, hash],
  );
  if (!row?.same) return { kind: 'other-command' };
  return { kind: 'answered', answer: { status: row.status, body: row.body } };
}

/** Keeps the answer under the key that was claimed in this transaction. */
export async function keepAnswer(
  transaction: Queryable,
  user: UserId,
  key: string,
  answer: CommandAnswer,
): Promise<void> {
  await transaction.query(`UPDATE idempotency_keys SET status = $3, body = $4 WHERE user_id = $1 AND key = $2`, [
    user,
    key,
    answer.status,
    JSON.stringify(answer.body),
  ]);
}

/** Forgets answers older than `days`, some thousands at a time. Gives how many. */
export async function forgetAnswers(database: Queryable, days: number): Promise<number> {
  const rows = await database.query(
    `DELETE FROM idempotency_keys WHERE ctid IN (
       SELECT ctid FROM idempotency_keys WHERE at < now() - make_interval(days => $1) LIMIT 5000) RETURNING 1`,
    [days],
  );
  return rows.length;
}
