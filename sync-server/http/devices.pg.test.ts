import { randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { DeviceList, Me } from '#schema/http/accounts.ts';
import { startHttpApp, type HttpApp, type HttpClient } from '#tests/support/http-app.ts';
import { describePostgres } from '#tests/support/postgres.ts';

const password = 'correct horse';

describePostgres('devices over HTTP', (postgres) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await startHttpApp(postgres.database());
  });
  afterAll(() => app.close());
  beforeEach(() => void (app.told.length = 0));

  const newDevice = (name = 'Firefox on Linux') => ({ id: randomUUID(), name });
  const signUp = async (device?: object) => {
    const client = app.client();
    const email = `${randomUUID()}@example.org`;
    const answer = await client.request('POST', '/api/sign-up', {
      name: 'Ana',
      email,
      password,
      ...(device && { device }),
    });
    return { client, email, me: Me.parse(answer.body) };
  };
  const signIn = (client: HttpClient, email: string, device: object) =>
    client.request('POST', '/api/sign-in', { email, password, device });
  const devicesOf = async (client: HttpClient) =>
    DeviceList.parse((await client.request('GET', '/api/devices')).body).devices;
  /** As the socket's upgrade would ask. */
  const sessionOf = (cookie: string) => {
    const request = new IncomingMessage(new Socket());
    request.url = '/socket';
    request.headers = { host: 'localhost', cookie };
    return app.sessions.sessionOf(request);
  };

  it('each device that signed in is listed, the own one marked', async () => {
    const [phone, laptop] = [newDevice('Phone'), newDevice('Laptop')];
    const { client, email, me } = await signUp(phone);
    expect(me.device).toBe(phone.id);
    const second = app.client();
    expect((await signIn(second, email, laptop)).body).toMatchObject({ device: laptop.id });
    const devices = await devicesOf(second);
    expect(devices.map(({ id, name, current }) => ({ id, name, current }))).toEqual([
      { ...laptop, current: true },
      { ...phone, current: false },
    ]);
    for (const device of devices) expect(Math.abs(device.lastSeenAt - Date.now())).toBeLessThan(60_000);
    expect((await devicesOf(client)).find((device) => device.current)?.id).toBe(phone.id);
  });

  it('[R12] a revoked device’s next request is 401, and the relay is told', async () => {
    const phone = newDevice('Phone');
    const { client, email } = await signUp(phone);
    const laptop = app.client();
    await signIn(laptop, email, newDevice('Laptop'));
    app.told.length = 0;
    expect(await sessionOf(client.cookie)).toMatchObject({ device: phone.id });
    expect((await laptop.request('DELETE', `/api/devices/${phone.id}`)).status).toBe(204);
    expect(app.told).toEqual([['endDevice', phone.id]]);
    expect((await client.request('GET', '/api/me')).status).toBe(401);
    expect(await sessionOf(client.cookie)).toBeNull();
    expect((await devicesOf(laptop)).map((device) => device.name)).toEqual(['Laptop']);
    expect((await laptop.request('DELETE', `/api/devices/${phone.id}`)).status).toBe(204);
  });

  it('[R12] signing out ends the session and its sockets, and forgets the device in the list', async () => {
    const phone = newDevice();
    const { client } = await signUp(phone);
    const session = (await sessionOf(client.cookie))?.session;
    expect((await client.request('POST', '/api/sign-out')).status).toBe(204);
    expect(app.told).toEqual([
      ['endSession', session],
      ['endDevice', phone.id],
    ]);
    expect((await client.request('POST', '/api/sign-out')).status).toBe(204);
  });

  it('nobody revokes another person’s device', async () => {
    const phone = newDevice();
    const ana = await signUp(phone);
    const ben = await signUp(newDevice());
    for (const id of [phone.id, randomUUID(), 'x'])
      expect(await ben.client.request('DELETE', `/api/devices/${id}`)).toMatchObject({
        status: 404,
        code: 'not-found',
      });
    expect((await ana.client.request('GET', '/api/me')).status).toBe(200);
    expect(app.told.filter(([what]) => what === 'endDevice')).toEqual([]);
  });

  it('a device’s id belongs to one person: another is refused, signed in nowhere, and succeeds with a new id', async () => {
    const phone = newDevice();
    await signUp(phone);
    const ben = await signUp();
    const profile = app.client();
    expect(await signIn(profile, ben.email, phone)).toMatchObject({ status: 409, code: 'already-different' });
    expect(profile.cookie).toBe('');
    expect((await signIn(profile, ben.email, newDevice())).status).toBe(200);
    const email = `${randomUUID()}@example.org`;
    expect(
      await app.client().request('POST', '/api/sign-up', { name: 'Cem', email, password, device: phone }),
    ).toMatchObject({ status: 409, code: 'already-different' });
    expect((await app.client().request('POST', '/api/sign-up', { name: 'Cem', email, password })).status).toBe(201);
  });

  it('[R12] signing in again on a device ends the session it had', async () => {
    const phone = newDevice();
    const { client, email } = await signUp(phone);
    const before = (await sessionOf(client.cookie))?.session;
    const stolen = app.client();
    stolen.cookie = client.cookie;
    const fresh = app.client();
    await signIn(fresh, email, phone);
    expect((await stolen.request('GET', '/api/me')).status).toBe(401);
    expect(app.told).toEqual([['endSession', before]]);
    expect(await devicesOf(fresh)).toHaveLength(1);
  });

  it('a device that was revoked signs in again with its password', async () => {
    const phone = newDevice();
    const { client, email } = await signUp(phone);
    await client.request('DELETE', `/api/devices/${phone.id}`);
    expect(client.cookie).toBe('');
    expect((await signIn(client, email, phone)).status).toBe(200);
    expect(await devicesOf(client)).toHaveLength(1);
  });

  it('a session without a device is one, for bots', async () => {
    const { client, me } = await signUp();
    expect(await sessionOf(client.cookie)).toMatchObject({ user: me.user.id, device: null });
    expect(await devicesOf(client)).toEqual([]);
    expect(await sessionOf('')).toBeNull();
    expect(await sessionOf('chatsync=s%3Aabc.def')).toBeNull();
  });
});
