import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createHttpClient } from '#tests/support/http-app.ts';
import { openLink } from '#tests/support/link.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { readConfig } from './config.ts';
import { createSyncServer } from './create-sync-server.ts';
import { listen } from './listen.ts';
import { createLogger } from './logger.ts';
import { openDatabase, type Database } from './store/database.ts';

const password = 'correct horse';

describePostgres('a whole server', (postgres) => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  const start = async (database: Database) => {
    const config = readConfig({ LOG_LEVEL: 'silent', PORT: '0' }, '/');
    const server = await createSyncServer({
      config,
      database,
      logger: createLogger('silent'),
      sessionSecret: 'the same secret for all servers of the tests',
      passwordCost: 4,
    });
    opened.push(() => server.close());
    const port = await listen(server.http, config.host, 0);
    return { server, port, url: `http://127.0.0.1:${port}` };
  };
  const newPerson = () => ({ name: 'Ana', email: `${randomUUID()}@example.org`, password });

  it('two servers live in one process: who signed in at one is signed in at the other', async () => {
    const [one, other] = [await start(postgres.database()), await start(postgres.database())];
    const client = createHttpClient(one.url);
    expect((await client.request('POST', '/api/sign-up', newPerson())).status).toBe(201);
    const elsewhere = createHttpClient(other.url);
    elsewhere.cookie = client.cookie;
    expect((await elsewhere.request('GET', '/api/me')).status).toBe(200);
    await one.server.close();
    expect((await elsewhere.request('GET', '/health/ready')).status).toBe(200);
    await elsewhere.request('POST', '/api/sign-out');
    elsewhere.cookie = client.cookie;
    expect((await elsewhere.request('GET', '/api/me')).status).toBe(401);
  });

  it('closing answers what is under way, and takes nothing new', async () => {
    const { server, port, url } = await start(postgres.database());
    // Signing up waits for its turn to hash: it is under way while the server closes.
    const underWay = createHttpClient(url).request('POST', '/api/sign-up', newPerson());
    await new Promise<void>((resolve) => server.http.once('request', () => resolve()));
    const closed = server.close();
    expect((await underWay).status).toBe(201);
    await closed;
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve(false)));
      socket.on('error', () => resolve(true));
    });
    expect(refused).toBe(true);
  });

  it('[W5] while its database is away it says so and stays up; when it is back all goes on by itself', async () => {
    const address = new URL(postgres.url());
    const link = await openLink(Number(address.port));
    opened.push(() => link.close());
    address.port = new URL(link.url).port;
    address.hostname = '127.0.0.1';
    const database = openDatabase({ url: address.href, poolSize: 4, logger: createLogger('silent') });
    opened.push(() => database.close());
    const { url } = await start(database);
    const client = createHttpClient(url);
    const person = newPerson();
    await client.request('POST', '/api/sign-up', person);

    link.cut();
    for (const [method, path, body] of [
      ['GET', '/api/me', undefined],
      ['POST', '/api/sign-in', person],
      ['POST', '/api/conversations', { kind: 'self' }],
    ] as const) {
      const answer = await client.request(method, path, body);
      expect(answer).toMatchObject({ status: 503, code: 'unavailable' });
      expect(answer.headers.get('retry-after')).toBe('5');
    }
    expect(client.cookie).not.toBe('');
    expect((await client.request('GET', '/health/ready')).status).toBe(503);
    expect((await client.request('GET', '/health/live')).status).toBe(200);

    link.mend();
    await expect.poll(async () => (await client.request('GET', '/health/ready')).status).toBe(200);
    expect((await client.request('GET', '/api/me')).status).toBe(200);
    expect((await client.request('POST', '/api/conversations', { kind: 'self' })).status).toBe(201);
  });
});
