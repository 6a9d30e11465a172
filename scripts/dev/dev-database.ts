import { join } from 'node:path';
import type { Config } from '#server/config.ts';
import { takeDataFolder } from '#server/data-folder.ts';
import type { Logger } from '#server/logger.ts';
import { openServerDatabase, type OpenDatabase } from '#server/store/open-database.ts';

/** The database of `npm run dev`. */
export interface DevDatabase extends OpenDatabase {
  /** The data folder of the server beside it: this process holds the lock of the one above. */
  readonly serverDataDir: string;
}

/**
 * Opens the database and keeps it while the server beside it comes and goes with each change of its code. Other commands find it as they
 * find that of `npm start`.
 * @throws StartupError
 */
export async function openDevDatabase(config: Config, logger: Logger): Promise<DevDatabase> {
  const folder = await takeDataFolder(config.dataDir);
  try {
    const open = await openServerDatabase(config, logger);
    return {
      database: open.database,
      serverDataDir: join(config.dataDir, 'dev-server'),
      async close() {
        try {
          await open.close();
        } finally {
          await folder.release();
        }
      },
    };
  } catch (error) {
    await folder.release();
    throw error;
  }
}
