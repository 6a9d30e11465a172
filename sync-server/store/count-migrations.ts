import type { Queryable } from './database.ts';

/** How many of these migrations the database has. */
export async function countMigrations(database: Queryable, names: readonly string[]): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*) AS count FROM migrations WHERE name = ANY ($1)`,
    [names],
  );
  return row?.count ?? 0;
}
