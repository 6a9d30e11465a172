import type { Queryable } from './database.ts';

/**
 * The epoch of this database (C5). After a dump was restored into another cluster transaction ids begin anew: the cluster's own
 * identifier differs from the one noted, and a new epoch voids every cursor.
 */
export async function openEpoch(database: Queryable): Promise<string> {
  await database.query(
    `UPDATE installation SET epoch = gen_random_uuid(), system_identifier = s.system_identifier
     FROM pg_control_system() s WHERE installation.system_identifier <> s.system_identifier`,
  );
  const [row] = await database.query<{ epoch: string }>(`SELECT epoch FROM installation`);
  if (!row) throw new Error('the table installation is empty: the migrations have not run');
  return row.epoch;
}
