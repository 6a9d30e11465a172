import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { createLogger } from '#server/logger.ts';
import { openDatabase, type Database } from '#server/store/database.ts';
import { templateName } from './postgres-global-setup.ts';

/** A database of a test's own, empty or migrated, gone afterwards. */
export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  close(): Promise<void>;
}

/** What the body of `describePostgres` gets. */
export interface PostgresUnderTest {
  /** `PostgreSQL 15`. */
  readonly name: string;
  /** The migrated database of this block, shared by its tests. For use inside tests and hooks, not while collecting. */
  readonly database: () => Database;
  readonly url: () => string;
  /** One more database; `empty` without the migrations. */
  readonly create: (content?: 'migrated' | 'empty') => Promise<TestDatabase>;
}

/**
 * Runs a block of tests once on each PostgreSQL there is (18 as it comes with the server, 15 as the oldest supported),
 * each with a fresh migrated database. A version that is not installed gives skipped tests.
 */
export function describePostgres(name: string, body: (postgres: PostgresUnderTest) => void): void {
  for (const version of inject('postgres')) {
    describe.skipIf(version.url === undefined)(`${name} on ${version.name}`, () => {
      let shared: TestDatabase | undefined;
      const current = (): TestDatabase => {
        if (shared === undefined) throw new Error('the database is there inside tests and hooks only');
        return shared;
      };
      const create = (content: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> =>
        createDatabase(version.url ?? '', content);
      beforeAll(async () => {
        shared = await create();
      });
      afterAll(() => shared?.close());
      body({ name: version.name, database: () => current().database, url: () => current().url, create });
    });
  }
}

async function createDatabase(serverUrl: string, content: 'migrated' | 'empty'): Promise<TestDatabase> {
  const logger = createLogger('error');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = openDatabase({ url: serverUrl, poolSize: 1, logger });
  await admin.query(`CREATE DATABASE ${name}${content === 'migrated' ? ` TEMPLATE ${templateName}` : ''}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  const database = openDatabase({ url: url.href, poolSize: 10, logger });
  return {
    url: url.href,
    database,
    async close() {
      await database.close();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.close();
    },
  };
}
