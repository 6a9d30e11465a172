import { expect, test } from 'vitest';
import { createLogger } from '#server/logger.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { migrate, migrationFolder, readMigrations, type Migration } from './migrate.ts';

const logger = createLogger('silent');
const migration = (name: string, sql: string): Migration => ({ name, sql, checksum: sql });

describePostgres('migrate', ({ create }) => {
  test('applies every migration of this version once, in order', async () => {
    const { database, close } = await create('empty');
    const migrations = await readMigrations(migrationFolder);
    expect(await migrate(database, migrations, logger)).toEqual(migrations.map(({ name }) => name));
    expect(await migrate(database, migrations, logger)).toEqual([]);
    await close();
  });

  test('two servers that start at once migrate one after the other', async () => {
    const { database, close } = await create('empty');
    const migrations = await readMigrations(migrationFolder);
    const applied = await Promise.all([migrate(database, migrations, logger), migrate(database, migrations, logger)]);
    expect(applied.map((names) => names.length).sort((a, b) => a - b)).toEqual([0, migrations.length]);
    await close();
  });

  test('a migration that fails leaves nothing of itself, and those before it stay', async () => {
    const { database, close } = await create('empty');
    const good = migration('0010-good', 'CREATE TABLE good ()');
    const bad = migration('0020-bad', 'CREATE TABLE half (); SELECT 1/0');
    await expect(migrate(database, [good, bad], logger)).rejects.toThrow('0020-bad failed: division by zero');
    const tables = await database.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);
    expect(tables).toEqual([{ tablename: 'good' }, { tablename: 'migrations' }]);
    await close();
  });

  test('a changed file that was applied is refused with what to do', async () => {
    const { database, close } = await create('empty');
    await migrate(database, [migration('0010-one', 'SELECT 1')], logger);
    await expect(migrate(database, [migration('0010-one', 'SELECT 2')], logger)).rejects.toThrow(
      '0010-one in schema/sql changed after being applied',
    );
    await close();
  });

  test('a database newer than the code is refused with what to do', async () => {
    const { database, close } = await create('empty');
    await migrate(database, [migration('0010-one', 'SELECT 1'), migration('0020-two', 'SELECT 2')], logger);
    await expect(migrate(database, [migration('0010-one', 'SELECT 1')], logger)).rejects.toThrow(
      'it holds 0020-two. Run the version that made it',
    );
    await close();
  });

  test('a migration numbered before one that was applied is refused', async () => {
    const { database, close } = await create('empty');
    const [one, two] = [migration('0010-one', 'SELECT 1'), migration('0020-two', 'SELECT 2')];
    await migrate(database, [two], logger);
    await expect(migrate(database, [one, two], logger)).rejects.toThrow(
      '0010-one in schema/sql is numbered before 0020-two',
    );
    await close();
  });
});
