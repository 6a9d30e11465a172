import type { Queryable } from './database.ts';

/**
 * Moves the end of a session to `until` (ms since 1970) if it would end before `unless`. Only ever updates: a session that was ended
 * meanwhile does not come back (R12).
 * @returns whether it was moved
 */
export async function extendSession(
  database: Queryable,
  session: string,
  until: number,
  unless: number,
): Promise<boolean> {
  const rows = await database.query(
    `UPDATE sessions
     SET expire = to_timestamp($2::float8 / 1000),
         sess = jsonb_set(sess::jsonb, '{cookie,expires}', to_jsonb($4::text))::json
     WHERE sid = $1 AND expire < to_timestamp($3::float8 / 1000) RETURNING sid`,
    [session, until, unless, new Date(until).toISOString()],
  );
  return rows.length === 1;
}
