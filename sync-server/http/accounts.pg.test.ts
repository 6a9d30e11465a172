import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Me } from '#schema/http/accounts.ts';
import { startHttpApp, type HttpApp, type HttpClient } from '#tests/support/http-app.ts';
import { describePostgres } from '#tests/support/postgres.ts';

const password = 'correct horse';
const newEmail = () => `${randomUUID()}@example.org`;

describePostgres('accounts over HTTP', (postgres) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await startHttpApp(postgres.database());
  });
  afterAll(() => app.close());

  const signUp = async (
    fields: Record<string, unknown> = {},
  ): Promise<{ client: HttpClient; me: Me; email: string }> => {
    const client = app.client();
    const email = newEmail();
    const answer = await client.request('POST', '/api/sign-up', { name: 'Ana', email, password, ...fields });
    expect(answer.status).toBe(201);
    return { client, me: Me.parse(answer.body), email };
  };

  it('signing up signs in; signing out ends it; signing in gives the same person', async () => {
    const { client, me, email } = await signUp();
    expect(me).toEqual({ user: { id: me.user.id, name: 'Ana', about: '', email }, device: null });
    expect((await client.request('GET', '/api/me')).body).toEqual(me);
    const old = client.cookie;
    expect((await client.request('POST', '/api/sign-out')).status).toBe(204);
    expect(client.cookie).toBe('');
    client.cookie = old;
    expect(await client.request('GET', '/api/me')).toMatchObject({ status: 401, code: 'not-signed-in' });
    const again = await client.request('POST', '/api/sign-in', { email: ` ${email.toUpperCase()} `, password });
    expect(again).toMatchObject({ status: 200, body: me });
    expect((await client.request('GET', '/api/me')).status).toBe(200);
  });

  it('the cookie is for this server alone, out of reach of scripts and of other sites, and lasts half a year', async () => {
    const answer = await app.client().request('POST', '/api/sign-up', { name: 'Ana', email: newEmail(), password });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^chatsync=s%3A[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? '');
    expect((expires - Date.now()) / 86_400_000).toBeCloseTo(180, 1);
  });

  it('where the server is reached by https the cookie is for https, also when the proxy says nothing', async () => {
    const secure = await startHttpApp(postgres.database(), { env: { PUBLIC_URL: 'https://chat.example.org' } });
    try {
      const client = secure.client();
      const answer = await client.request('POST', '/api/sign-up', { name: 'Ana', email: newEmail(), password });
      expect(answer.headers.get('set-cookie')).toMatch(/^__Host-chatsync=.*; HttpOnly; Secure; SameSite=Lax$/);
      expect((await client.request('GET', '/api/me')).status).toBe(200);
      expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
    } finally {
      await secure.close();
    }
  });

  it('a session planted before signing in is worth nothing after', async () => {
    const { client, email } = await signUp();
    const planted = client.cookie;
    await client.request('POST', '/api/sign-in', { email, password });
    expect(client.cookie).not.toBe(planted);
    const thief = app.client();
    thief.cookie = planted;
    expect((await thief.request('GET', '/api/me')).status).toBe(401);
  });

  it('a cookie whose signature is wrong is none', async () => {
    const { client } = await signUp();
    client.cookie = `${client.cookie.slice(0, -3)}xyz`;
    expect(await client.request('GET', '/api/me')).toMatchObject({ status: 401, code: 'not-signed-in' });
  });

  it('of two sign-ups with one email at once one is told that it is taken', async () => {
    const email = newEmail();
    const answers = await Promise.all(
      [email, email.toUpperCase()].map((each) =>
        app.client().request('POST', '/api/sign-up', { name: 'Ana', email: each, password }),
      ),
    );
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(answers.find((answer) => answer.status === 409)).toMatchObject({
      code: 'email-taken',
      body: { error: { fields: { email: expect.any(String) } } },
    });
  });

  it('a wrong password and an unknown email get the same answer', async () => {
    const { email } = await signUp();
    const wrong = await app.client().request('POST', '/api/sign-in', { email, password: 'something else' });
    const unknown = await app.client().request('POST', '/api/sign-in', { email: newEmail(), password });
    expect(wrong).toMatchObject({ status: 401, code: 'wrong-credentials' });
    expect(unknown.body).toEqual(wrong.body);
    expect(wrong.headers.get('set-cookie')).toBeNull();
  });

  it('a password has 72 bytes at the most, in whatever script, and is refused rather than cut', async () => {
    const longest = 'é'.repeat(36);
    const { email } = await signUp({ password: longest });
    expect((await app.client().request('POST', '/api/sign-in', { email, password: longest })).status).toBe(200);
    for (const [path, body] of [
      ['/api/sign-up', { name: 'Ana', email: newEmail(), password: `${longest}x` }],
      ['/api/sign-in', { email, password: `${longest}x` }],
    ] as const) {
      expect(await app.client().request('POST', path, body)).toMatchObject({
        status: 400,
        code: 'password-too-long',
        body: { error: { fields: { password: expect.any(String) } } },
      });
    }
  });

  it('a password is the same however its accents were typed, and does not end at a zero byte', async () => {
    const { email } = await signUp({ password: 'café ’´\u0000 one' });
    expect(
      (await app.client().request('POST', '/api/sign-in', { email, password: 'cafe\u0301 ’´\u0000 one' })).status,
    ).toBe(200);
    expect((await app.client().request('POST', '/api/sign-in', { email, password: 'café ’´\u0000 two' })).status).toBe(
      401,
    );
  });

  it.each([
    [{ name: '', email: 'a@b', password }, ['name']],
    [{ name: 'Ana', email: 'not an address', password: 'short' }, ['email', 'password']],
    [{ name: 'x'.repeat(81), email: `${'x'.repeat(260)}@b`, password }, ['name', 'email']],
    [{ email: 5, password }, ['name', 'email']],
    [{ name: 'Ana', email: 'a@b', password, device: { id: 'mine', name: '' } }, ['device.id', 'device.name']],
    [[], ['body']],
  ])('a form that does not fit names its fields: %j', async (body, fields) => {
    const answer = await app.client().request('POST', '/api/sign-up', body);
    expect(answer).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(Object.keys((answer.body as { error: { fields: object } }).error.fields).sort()).toEqual([...fields].sort());
  });

  it('a changed profile is told to those who share a conversation', async () => {
    const { client, me } = await signUp();
    const ben = await signUp({ name: 'Ben' });
    await client.request('POST', '/api/conversations', { kind: 'direct', with: ben.me.user.id });
    app.told.length = 0;
    const answer = await client.request('PATCH', '/api/me', { name: ' Ana L. ', about: 'At sea' });
    expect(answer).toMatchObject({ status: 200, body: { user: { ...me.user, name: 'Ana L.', about: 'At sea' } } });
    expect((await client.request('GET', '/api/me')).body).toEqual(answer.body);
    expect(app.told).toEqual([['relationalChange', expect.arrayContaining([me.user.id, ben.me.user.id])]]);
    expect(await client.request('PATCH', '/api/me', { name: '  ' })).toMatchObject({
      status: 400,
      code: 'invalid-request',
    });
    expect(await app.client().request('PATCH', '/api/me', { name: 'x' })).toMatchObject({ status: 401 });
  });

  it('a session in use lives on; one that is not used for half a year ends', async () => {
    const mobile = await startHttpApp(postgres.database());
    try {
      const client = mobile.client();
      await client.request('POST', '/api/sign-up', { name: 'Ana', email: newEmail(), password });
      const day = 86_400_000;
      expect((await client.request('GET', '/api/me')).headers.get('set-cookie')).toBeNull();
      mobile.advance(2 * day);
      const extended = (await client.request('GET', '/api/me')).headers.get('set-cookie') ?? '';
      expect((Date.parse(/Expires=([^;]+)/.exec(extended)?.[1] ?? '') - Date.now()) / day).toBeGreaterThan(179);
      expect((await client.request('GET', '/api/me')).headers.get('set-cookie')).toBeNull();
      expect((await client.request('GET', '/api/me')).status).toBe(200);
      await postgres
        .database()
        .query(`UPDATE sessions SET expire = now() - interval '1 second' WHERE sess->'principal'->>'user' = $1`, [
          Me.parse((await client.request('GET', '/api/me')).body).user.id,
        ]);
      expect((await client.request('GET', '/api/me')).status).toBe(401);
    } finally {
      await mobile.close();
    }
  });

  it('requests do not write the session’s row', async () => {
    const { client, me } = await signUp();
    const version = async () =>
      (
        await postgres
          .database()
          .query<{ v: string }>(`SELECT xmin::text AS v FROM sessions WHERE sess->'principal'->>'user' = $1`, [
            me.user.id,
          ])
      )[0]?.v;
    const before = await version();
    for (let i = 0; i < 3; i++) await client.request('GET', '/api/me');
    await client.request('PATCH', '/api/me', { about: 'x' });
    expect(await version()).toBe(before);
  });
});
