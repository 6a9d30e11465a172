import { readFile, readlink, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { readConnectionUrl } from '#server/store/embedded-postgres.ts';
import { startTestServer, tryTestServer, type TestServer, type TestServerOptions } from '#tests/support/test-server.ts';

// Each starts several processes, which takes its time on a machine that does other things too.
vi.setConfig({ testTimeout: 300_000 });

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
const begin = async (options?: TestServerOptions): Promise<TestServer> => {
  const server = await startTestServer(options);
  running.push(server);
  return server;
};

/** One statement on the database of a server's data folder, as another process would send it. */
async function ask(server: TestServer, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: await readConnectionUrl(server.dataDir) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const postmasterOf = async (server: TestServer): Promise<number> =>
  Number((await readFile(join(server.dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
const isLive = async (server: TestServer): Promise<boolean> => (await fetch(`${server.url}/health/live`)).ok;

test('a server killed with -9 starts again and finds its database as it was left', async () => {
  const server = await begin();
  await ask(server, 'CREATE TABLE kept AS SELECT 42 AS n');
  const postmaster = await postmasterOf(server);
  await server.kill();
  await server.start();
  expect(await isLive(server)).toBe(true);
  expect(await ask(server, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  // The database had lived on and was adopted.
  expect(await postmasterOf(server)).toBe(postmaster);
});

test('server and database killed with -9 together start again', async () => {
  const server = await begin();
  await ask(server, 'CREATE TABLE kept AS SELECT 42 AS n');
  process.kill(await postmasterOf(server), 'SIGKILL');
  await server.kill();
  await server.start();
  expect(await ask(server, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
});

test('a database that dies under the server is started again at the same address', async () => {
  const server = await begin();
  const postmaster = await postmasterOf(server);
  process.kill(postmaster, 'SIGKILL');
  await expect.poll(() => postmasterOf(server), { timeout: 25_000 }).not.toBe(postmaster);
  await expect.poll(async () => (await fetch(`${server.url}/health/ready`)).status, { timeout: 25_000 }).toBe(200);
});

test('an orderly stop ends with 0, stops the database and frees the folder', async () => {
  const server = await begin();
  expect(await server.stop()).toBe(0);
  await expect(readFile(join(server.dataDir, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT');
  await expect(readFile(join(server.dataDir, 'server.lock'))).rejects.toThrow('ENOENT');
  await server.start();
  expect(await isLive(server)).toBe(true);
});

test('a lost database.json is made anew, with a new password', async () => {
  const server = await begin();
  await ask(server, 'CREATE TABLE kept AS SELECT 42 AS n');
  await server.stop();
  await rm(join(server.dataDir, 'database.json'));
  await server.start();
  expect(await ask(server, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
});

test.skipIf(process.getuid?.() !== 0)(
  'root keeps the database elsewhere when its user cannot enter the data folder',
  async () => {
    const server = await begin({ privateFolder: true });
    expect(await readlink(join(server.dataDir, 'postgres'))).toMatch(/^\/var\/lib\/chatsync-plus\/data-/);
    await ask(server, 'CREATE TABLE kept AS SELECT 42 AS n');
    await server.kill();
    await server.start();
    expect(await ask(server, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  },
);

test('a second server on the same data folder is told so in one sentence', async () => {
  const server = await begin();
  const { code, stdout, stderr } = await tryTestServer({ env: { DATA_DIR: server.dataDir } });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^ChatSync\+ could not start: the data folder \S+ is in use by another server \(process \d+\)\. Stop that one, or set DATA_DIR to another folder\.\n$/,
  );
});

test('a port in use is said in one sentence', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, stdout, stderr } = await tryTestServer({ env: { PORT: String(port) } });
  taken.close();
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    `ChatSync+ could not start: port ${port} is taken by another program. Stop that one, or set PORT to another port (0 takes any free one).\n`,
  );
});

test.each([
  [
    'postgres://chat:secret@127.0.0.1:1/chat',
    'the database/chat at 127.0.0.1:1 cannot be reached (ECONNREFUSED). Is it running, and is DATABASE_URL right?',
  ],
])(
  'a database that cannot be reached is said in one sentence, without its password: %s',
  async (databaseUrl, message) => {
    const { code, stdout, stderr } = await tryTestServer({ databaseUrl });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `ChatSync+ could not start: ${message}\n`,
    });
  },
);

test('a wrong setting is named', async () => {
  const { code, stderr } = await tryTestServer({ env: { PORT: 'eighty' } });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'ChatSync+ could not start: these settings are wrong (see .env.example):\n  PORT must be a whole number from 0 to 65535\n',
  });
});
