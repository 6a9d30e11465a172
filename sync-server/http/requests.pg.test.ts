import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '#server/logger.ts';
import { openDatabase, type Database } from '#server/store/database.ts';
import { migrationFolder, readMigrations } from '#server/store/migrate.ts';
import { startHttpApp, type HttpApp } from '#tests/support/http-app.ts';
import { describePostgres } from '#tests/support/postgres.ts';

const password = 'correct horse';
const newPerson = () => ({ name: 'Ana', email: `${randomUUID()}@example.org`, password });

describePostgres('requests', (postgres) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await startHttpApp(postgres.database(), {
      migrations: (await readMigrations(migrationFolder)).map((migration) => migration.name),
    });
  });
  afterAll(() => app.close());

  const json = { 'content-type': 'application/json' };
  it.each([
    ['broken JSON', '{"name":', json, 400],
    ['no object', '"text"', json, 400],
    ['a form of another site', 'name=Ana', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', '{"name":"Ana"}', { 'content-type': 'text/plain' }, 415],
    ['no type at all', new Uint8Array([123, 125]), {}, 415],
    ['an unknown encoding', '{}', { ...json, 'content-encoding': 'x' }, 415],
    ['another charset', '{}', { 'content-type': 'application/json; charset=ebcdic' }, 415],
    ['too much', JSON.stringify({ name: 'x'.repeat(70_000) }), json, 413],
    [
      'too much once unpacked',
      new Uint8Array(gzipSync(JSON.stringify({ name: 'x'.repeat(10_000_000) }))),
      { ...json, 'content-encoding': 'gzip' },
      413,
    ],
    ['a body that says too little', '', json, 400],
  ])('a body that is %s is refused with a reason', async (_what, body, headers, status) => {
    const answer = await app.client().request('POST', '/api/sign-up', body, headers);
    expect(answer).toMatchObject({
      status,
      code: 'invalid-request',
      body: { error: { message: expect.stringMatching(/\S/) } },
    });
  });

  it.each([
    ['GET', '/api/nothing'],
    ['POST', '/api/sign-up/more'],
    ['PUT', '/api/me'],
    ['GET', '/api/sign-in'],
    ['GET', '/api'],
    ['DELETE', '/api/conversations/x/members/y/z'],
  ])('%s %s is not found, in JSON', async (method, path) => {
    expect(await app.client().request(method, path)).toMatchObject({ status: 404, code: 'not-found' });
  });

  it.each([
    ['GET', '/api/me'],
    ['PATCH', '/api/me'],
    ['GET', '/api/devices'],
    ['DELETE', `/api/devices/${randomUUID()}`],
    ['GET', '/api/people?query=a'],
    ['POST', '/api/conversations'],
    ['PATCH', `/api/conversations/${randomUUID()}`],
    ['POST', `/api/conversations/${randomUUID()}/members`],
    ['DELETE', `/api/conversations/${randomUUID()}/members/${randomUUID()}`],
  ])('%s %s asks to sign in', async (method, path) => {
    expect(await app.client().request(method, path)).toMatchObject({ status: 401, code: 'not-signed-in' });
  });

  it('__proto__ in a body is nothing special', async () => {
    const answer = await app
      .client()
      .request('POST', '/api/sign-up', `{"__proto__":{"name":"x"},"email":"a@b","password":"${password}"}`, json);
    expect(answer).toMatchObject({ status: 400, body: { error: { fields: { name: expect.any(String) } } } });
  });

  it.each([
    ['the same origin', (url: string) => ({ origin: url }), 201],
    ['no browser', () => ({}), 201],
    ['another site', () => ({ origin: 'https://evil.example' }), 403],
    ['another port', (url: string) => ({ origin: url.replace(/\d+$/, '1') }), 403],
    ['a page without an origin', () => ({ origin: 'null' }), 403],
    ['another site, as the browser says', (url: string) => ({ origin: url, 'sec-fetch-site': 'cross-site' }), 403],
    ['a sister site', () => ({ 'sec-fetch-site': 'same-site' }), 403],
    ['our page, as the browser says', (url: string) => ({ origin: url, 'sec-fetch-site': 'same-origin' }), 201],
  ])('a write from %s', async (_who, headers, status) => {
    const answer = await app.client().request('POST', '/api/sign-up', newPerson(), headers(app.url));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.code).toBe('wrong-origin');
  });

  it('answers are not stored by anybody, and tell a browser to guess nothing', async () => {
    const answer = await app.client().request('GET', '/api/me');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('strict-transport-security')).toBeNull();
    const policy = answer.headers.get('content-security-policy') ?? '';
    const host = new URL(app.url).host;
    expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host}`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|upgrade-insecure/);
  });

  it('a Host made to break the policy stays out of it', async () => {
    const answer = await raw(
      app.url,
      'GET /health/live HTTP/1.1\r\nHost: x; script-src *\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain("connect-src 'self' 'self'");
    expect(answer).not.toContain('script-src *');
  });

  it('live and ready are answered; ready knows the migrations', async () => {
    expect(await app.client().request('GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await app.client().request('GET', '/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    const ahead = await startHttpApp(postgres.database(), { migrations: ['9999-of-a-later-version'] });
    try {
      expect(await ahead.client().request('GET', '/health/ready')).toMatchObject({
        status: 503,
        body: { status: 'unavailable', problem: expect.stringContaining('migrations') },
      });
    } finally {
      await ahead.close();
    }
  });

  it('[W5] without its database the server says so, and can be asked again', async () => {
    const database = openDatabase({
      url: 'postgres://nobody@127.0.0.1:1/nothing',
      poolSize: 1,
      logger: createLogger('silent'),
    });
    const cut = await startHttpApp(database);
    try {
      const answer = await cut.client().request('POST', '/api/sign-in', { email: 'a@b', password });
      expect(answer).toMatchObject({
        status: 503,
        code: 'unavailable',
        body: { error: { retryAfter: expect.any(Number) } },
      });
      expect(answer.headers.get('retry-after')).toBeTruthy();
      const client = cut.client();
      client.cookie = 'chatsync=s%3Ax.y';
      expect((await client.request('GET', '/health/ready')).status).toBe(503);
      expect((await client.request('GET', '/health/live')).status).toBe(200);
    } finally {
      await cut.close();
      await database.close();
    }
  });

  it('[W5] a database that says nothing at all is waited for no longer than agreed', async () => {
    let answer: () => void = () => undefined;
    const silent: Database = {
      ...postgres.database(),
      query: async (...asked) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return postgres.database().query(...asked);
      },
    };
    const cut = await startHttpApp(silent, { answerWithin: 200 });
    try {
      const refused = await cut.client().request('POST', '/api/sign-in', { email: 'a@b', password });
      expect(refused).toMatchObject({ status: 503, code: 'unavailable' });
      answer();
      expect((await cut.client().request('GET', '/health/live')).status).toBe(200);
    } finally {
      await cut.close();
    }
  });

  it('/metrics is for this machine, unless a proxy passes it on', async () => {
    await app.client().request('GET', '/api/me');
    const answer = await app.client().request('GET', '/metrics');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('chatsync_http_request_seconds_count{method="GET",route="/api/me",status="4xx"}');
    for (const header of ['x-forwarded-for', 'forwarded'])
      expect((await app.client().request('GET', '/metrics', undefined, { [header]: '1.2.3.4' })).status).toBe(404);
  });

  it('/metrics with a token is for who presents it', async () => {
    const guarded = await startHttpApp(postgres.database(), { env: { METRICS_TOKEN: 'a token of the tests' } });
    try {
      const ask = async (authorization?: string) =>
        (
          await guarded
            .client()
            .request('GET', '/metrics', undefined, authorization === undefined ? {} : { authorization })
        ).status;
      expect([await ask(), await ask('Bearer wrong'), await ask('Bearer a token of the tests')]).toEqual([
        404, 404, 200,
      ]);
    } finally {
      await guarded.close();
    }
  });

  it('too many attempts at one account are put off, with the time to wait; another account is not', async () => {
    const strict = await startHttpApp(postgres.database(), {
      env: { RATE_SIGN_INS_PER_ACCOUNT: '3', RATE_SIGN_UPS_PER_ADDRESS: '2' },
    });
    try {
      const person = newPerson();
      const signIn = (email: string, given: string) =>
        strict.client().request('POST', '/api/sign-in', { email, password: given });
      expect((await strict.client().request('POST', '/api/sign-up', person)).status).toBe(201);
      for (let i = 0; i < 2; i++) expect((await signIn(person.email, 'wrong password')).status).toBe(401);
      expect((await signIn(person.email, password)).status).toBe(200);
      // The right password forgave the wrong ones; guesses sent at once are counted before any is looked at.
      const guesses = await Promise.all(
        Array.from({ length: 8 }, () => signIn(person.email.toUpperCase(), 'wrong password')),
      );
      expect(guesses.map((guess) => guess.status).toSorted((a, b) => a - b)).toEqual([
        401, 401, 401, 429, 429, 429, 429, 429,
      ]);
      const refused = await signIn(person.email, password);
      expect(refused).toMatchObject({
        status: 429,
        code: 'rate-limited',
        body: { error: { retryAfter: expect.any(Number) } },
      });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
      expect((await signIn(newPerson().email, password)).status).toBe(401);
      expect((await strict.client().request('POST', '/api/sign-up', newPerson())).status).toBe(201);
      expect(await strict.client().request('POST', '/api/sign-up', newPerson())).toMatchObject({
        status: 429,
        code: 'rate-limited',
      });
    } finally {
      await strict.close();
    }
  });

  it.each([
    ['0', [201, 429]],
    ['1', [201, 201]],
  ])('with %s proxies in front, who is behind one counts so: %j', async (proxies, statuses) => {
    const strict = await startHttpApp(postgres.database(), {
      env: { TRUST_PROXY: proxies, RATE_SIGN_UPS_PER_ADDRESS: '1' },
    });
    try {
      const from = async (address: string) =>
        (await strict.client().request('POST', '/api/sign-up', newPerson(), { 'x-forwarded-for': address })).status;
      expect([await from('192.0.2.1'), await from('192.0.2.2')]).toEqual(statuses);
    } finally {
      await strict.close();
    }
  });

  it('a user’s commands and searches are limited together', async () => {
    const strict = await startHttpApp(postgres.database(), { env: { RATE_REQUESTS_PER_USER: '3' } });
    try {
      const client = strict.client();
      await client.request('POST', '/api/sign-up', newPerson());
      const statuses = [];
      for (let i = 0; i < 2; i++)
        statuses.push(
          (await client.request('GET', '/api/people?query=a')).status,
          (await client.request('PATCH', '/api/me', { about: 'x' })).status,
        );
      expect(statuses).toEqual([200, 200, 200, 429]);
      expect((await client.request('GET', '/api/me')).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

/** Bytes over a plain connection, for what no HTTP client would send. */
function raw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('end', () => resolve(answer)).on('error', reject);
  });
}
