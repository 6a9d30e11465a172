import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createLogger } from '#server/logger.ts';
import { openDatabase } from '#server/store/database.ts';
import { openEmbeddedPostgres } from '#server/store/embedded-postgres.ts';
import { migrate, migrationFolder, readMigrations } from '#server/store/migrate.ts';

/** The database everything durable in a run is measured on: PostgreSQL with fsync, in a folder of its own. */
export interface BenchDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** Starts and migrates it. */
export async function openBenchDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'chatsync-bench-db-'));
  const logger = createLogger('error');
  const embedded = await openEmbeddedPostgres(folder, logger);
  const database = openDatabase({ url: embedded.url, poolSize: 4, logger });
  await migrate(database, await readMigrations(migrationFolder), logger);
  await database.close();
  const pool = new pg.Pool({ connectionString: embedded.url, max: 4 });
  return {
    url: embedded.url,
    pool,
    async close() {
      await pool.end();
      await embedded.stop();
      // For root the cluster lies elsewhere, where PostgreSQL's own user may enter.
      const elsewhere = await readlink(join(folder, 'postgres')).catch(() => undefined);
      if (elsewhere !== undefined) await rm(elsewhere, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
