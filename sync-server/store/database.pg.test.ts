import { expect, test } from 'vitest';
import { createLogger } from '#server/logger.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { classifyDatabaseError, isRetryable } from './database-errors.ts';
import { openDatabase, type Database, type Queryable } from './database.ts';

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describePostgres('database', ({ database, create, url }) => {
  test('bigint is a number where that is exact and a BigInt where it is not', async () => {
    const rows = await database().query(
      `SELECT 9007199254740991::bigint AS largest, 9007199254740993::bigint AS larger, ARRAY[1, NULL, -3]::bigint[] AS list, '{}'::bigint[] AS none`,
    );
    expect(rows).toEqual([{ largest: 9007199254740991, larger: 9007199254740993n, list: [1, null, -3], none: [] }]);
  });

  test('a transaction is all or nothing', async () => {
    await database().query('CREATE TABLE things (name text)');
    const add = (to: Queryable, name: string) => to.query('INSERT INTO things VALUES ($1)', [name]);
    await database().transaction((transaction) => add(transaction, 'kept'));
    const failure = await failureOf(
      database().transaction(async (transaction) => {
        await add(transaction, 'lost');
        throw new Error('changed my mind');
      }),
    );
    expect(failure).toEqual(new Error('changed my mind'));
    expect(await database().query('SELECT name FROM things')).toEqual([{ name: 'kept' }]);
  });

  test('a statement that runs too long is cancelled, and may be tried again', async () => {
    const impatient = openDatabase({ url: url(), poolSize: 1, logger: createLogger('silent'), statementTimeout: 50 });
    const failure = await failureOf(impatient.query('SELECT pg_sleep(10)'));
    expect(classifyDatabaseError(failure)).toEqual({ retry: true, undone: true, code: '57014' });
    await impatient.close();
  });

  test('a connection cut under a transaction fails it with "try again", and the pool goes on', async () => {
    const own = await create();
    const failure = await failureOf(
      own.database.transaction(async (transaction) => {
        const [self] = await transaction.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await cutOff(database(), self?.pid ?? 0);
        await transaction.query('SELECT 1');
      }),
    );
    expect(isRetryable(failure)).toBe(true);
    expect(await own.database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await own.close();
  });

  test('two transactions that lock each other out: one is told to try again, nothing of it is done', async () => {
    const own = await create();
    await own.database.query('CREATE TABLE pair (id int PRIMARY KEY, n int)');
    await own.database.query('INSERT INTO pair VALUES (1, 0), (2, 0)');
    const gate = withResolvers();
    let holding = 0;
    const both = (first: number, second: number) =>
      own.database.transaction(async (transaction) => {
        await transaction.query('UPDATE pair SET n = n + 1 WHERE id = $1', [first]);
        if (++holding === 2) gate.resolve();
        await gate.promise;
        await transaction.query('UPDATE pair SET n = n + 1 WHERE id = $1', [second]);
      });
    const failures = (await Promise.all([failureOf(both(1, 2)), failureOf(both(2, 1))])).filter(
      (failure) => failure !== undefined,
    );
    expect(failures.map(classifyDatabaseError)).toEqual([{ retry: true, undone: true, code: '40P01' }]);
    expect(await own.database.query('SELECT n FROM pair')).toEqual([{ n: 1 }, { n: 1 }]);
    await own.close();
  });

  test('a session hears notifications and learns that its connection was lost', async () => {
    const own = await create();
    const session = await own.database.session();
    const heard = new Promise<string>((resolve) =>
      session.onNotification((channel, payload) => resolve(`${channel}: ${payload}`)),
    );
    const lost = new Promise<Error>((resolve) => session.onLost(resolve));
    await session.query('LISTEN news');
    await own.database.query(`NOTIFY news, 'hello'`);
    expect(await heard).toBe('news: hello');
    const [self] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await cutOff(database(), self?.pid ?? 0);
    expect(await lost).toBeInstanceOf(Error);
    session.release();
    await own.close();
  });

  test('a session whose connection was lost leaves its place to others, whether or not it is released', async () => {
    const single = openDatabase({ url: url(), poolSize: 1, logger: createLogger('silent') });
    const session = await single.session();
    const [self] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const lost = new Promise<Error>((resolve) => session.onLost(resolve));
    await cutOff(database(), self?.pid ?? 0);
    await lost;
    expect(await single.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    session.release();
    await single.close();
  });
});

test('a database that is not there may be there later, and a mistake of ours stays one', async () => {
  const nowhere = openDatabase({ url: 'postgres://a:b@127.0.0.1:1/none', poolSize: 1, logger: createLogger('silent') });
  const failure = await failureOf(nowhere.query('SELECT 1'));
  expect(classifyDatabaseError(failure)).toEqual({ retry: true, undone: true, code: 'ECONNREFUSED' });
  expect(classifyDatabaseError(new TypeError('no such thing'))).toEqual({
    retry: false,
    undone: true,
    code: 'unknown',
  });
  expect(classifyDatabaseError({ code: '23505' })).toEqual({ retry: false, undone: true, code: '23505' });
  expect(classifyDatabaseError(new Error('Connection terminated unexpectedly'))).toMatchObject({
    retry: true,
    undone: false,
  });
  await nowhere.close();
});

async function cutOff(database: Database, pid: number): Promise<void> {
  await database.query('SELECT pg_terminate_backend($1)', [pid]);
}

/** Node 20 has no `Promise.withResolvers`. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
