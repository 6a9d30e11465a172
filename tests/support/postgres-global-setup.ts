import type { TestProject } from 'vitest/node';
import { createLogger } from '#server/logger.ts';
import { openDatabase } from '#server/store/database.ts';
import { migrate, migrationFolder, readMigrations } from '#server/store/migrate.ts';
import { findRunAs } from '#server/store/run-as.ts';
import { findPostgres, startPostgresServer, type PostgresKind, type PostgresServer } from './postgres-server.ts';

/** A PostgreSQL for the tests of one run, as the test files get to know it. */
export interface ProvidedPostgres {
  /** What test names say: `PostgreSQL 15`. */
  readonly name: string;
  readonly kind: PostgresKind;
  /** The connection string of its database `postgres`; undefined where this PostgreSQL is missing. */
  readonly url: string | undefined;
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: ProvidedPostgres[];
  }
}

/** The migrated database that each test file's own is a copy of. */
export const templateName = 'chatsync_template';

/** Once for each run: a server of each version, with one migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers: PostgresServer[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.stop())));
  const runAs = await findRunAs();

  const provide = async (kind: PostgresKind): Promise<ProvidedPostgres> => {
    const found = await findPostgres(kind, runAs);
    if (found === undefined) {
      console.warn(
        'There is no PostgreSQL 15 in the system: the tests that need it are skipped (apt-get install postgresql).',
      );
      return { name: 'PostgreSQL 15', kind, url: undefined };
    }
    const server = await startPostgresServer({ kind });
    servers.push(server);
    await makeTemplate(server);
    return { name: `PostgreSQL ${found.major}`, kind, url: server.url('postgres') };
  };

  const provided = await Promise.allSettled([provide('embedded'), provide('system')]);
  const failed = provided.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  project.provide(
    'postgres',
    provided.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
  );
  return stop;
}

async function makeTemplate(server: PostgresServer): Promise<void> {
  const logger = createLogger('warn');
  const admin = openDatabase({ url: server.url('postgres'), poolSize: 1, logger });
  await admin.query(`CREATE DATABASE ${templateName}`);
  const template = openDatabase({ url: server.url(templateName), poolSize: 1, logger });
  try {
    await migrate(template, await readMigrations(migrationFolder), logger);
  } finally {
    await template.close();
    await admin.close();
  }
}
