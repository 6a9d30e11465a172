import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { Me } from '#schema/http/accounts.ts';
import { ConversationAnswer } from '#schema/http/conversations.ts';
import type { DeviceId, ReplicaId, UserId } from '#schema/ids.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import { DeviceClient } from '#tests/support/device-client.ts';
import { createHttpClient, type HttpClient } from '#tests/support/http-app.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { readConfig } from './config.ts';
import { createSyncServer } from './create-sync-server.ts';
import { listen } from './listen.ts';
import { createLogger } from './logger.ts';

const password = 'correct horse';

/** A person on one device: what they ask over HTTP, and their socket. */
interface OnDevice {
  readonly http: HttpClient;
  readonly user: UserId;
  readonly device: DeviceId;
  readonly email: string;
  readonly socket: DeviceClient;
  readonly replica: ReplicaId;
}

describePostgres('commands over HTTP, as sockets see them', (postgres) => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  const startNode = async (): Promise<string> => {
    const config = readConfig({ LOG_LEVEL: 'silent' }, '/');
    const server = await createSyncServer({
      config,
      database: postgres.database(),
      logger: createLogger('silent'),
      sessionSecret: 'the same secret for all nodes of the tests',
      passwordCost: 4,
    });
    opened.push(() => server.close());
    return `http://127.0.0.1:${await listen(server.http, config.host, 0)}`;
  };
  const socketOf = (url: string, http: HttpClient, device: DeviceId) =>
    new DeviceClient(url.replace('http', 'ws'), { device, session: '' }, { cookie: http.cookie, origin: url });
  const arrive = async (url: string, path: string, body: object): Promise<OnDevice> => {
    const http = createHttpClient(url);
    const device = randomUUID() as DeviceId;
    const answer = await http.request('POST', path, { ...body, device: { id: device, name: 'A browser' } });
    const { user } = Me.parse(answer.body);
    const socket = socketOf(url, http, device);
    opened.push(() => socket.close());
    await socket.opened();
    socket.hello({ replicasWanted: 1 });
    const [replica] = (await socket.next('welcome')).replicas;
    await socket.next('changes');
    if (replica === undefined) throw new Error('no replica was granted');
    return { http, user: user.id, device, email: user.email, socket, replica };
  };
  const signUp = (url: string, name: string) =>
    arrive(url, '/api/sign-up', { name, email: `${randomUUID()}@example.org`, password });
  const createGroup = async (owner: OnDevice, ...others: OnDevice[]) => {
    const members = others.map((other) => other.user);
    const answer = await owner.http.request('POST', '/api/conversations', { kind: 'group', title: 'Walks', members });
    return ConversationAnswer.parse(answer.body).conversation.id;
  };
  /** Fails when it takes longer than a rule allows. */
  const within = async <T>(ms: number, what: Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await what;
    expect(performance.now() - begun).toBeLessThan(ms);
    return result;
  };

  it('[R12] a revoked device’s socket ends within a second, on another node too, and it does not come back', async () => {
    const [here, there] = [await startNode(), await startNode()];
    const phone = await signUp(here, 'Ana');
    const laptop = await arrive(there, '/api/sign-in', { email: phone.email, password });
    expect((await laptop.http.request('DELETE', `/api/devices/${phone.device}`)).status).toBe(204);
    expect(await within(1_000, phone.socket.ended())).toMatchObject({ code: CLOSE.revoked });
    expect((await phone.http.request('GET', '/api/me')).status).toBe(401);
    const again = socketOf(here, phone.http, phone.device);
    expect(await again.ended()).toMatchObject({ code: CLOSE.notSignedIn });
    expect((await laptop.http.request('GET', '/api/me')).status).toBe(200);
    expect(laptop.socket.closed).toBeNull();
  });

  it('[R12] signing out ends the own socket, and no other', async () => {
    const url = await startNode();
    const phone = await signUp(url, 'Ana');
    const laptop = await arrive(url, '/api/sign-in', { email: phone.email, password });
    await phone.http.request('POST', '/api/sign-out');
    expect(await within(1_000, phone.socket.ended())).toMatchObject({ code: CLOSE.revoked });
    expect(laptop.socket.closed).toBeNull();
  });

  it('what a command changed reaches every device of everybody it concerns, on whatever node', async () => {
    const [here, there] = [await startNode(), await startNode()];
    const [ana, ben] = [await signUp(here, 'Ana'), await signUp(there, 'Ben')];
    const id = await createGroup(ana, ben);
    for (const { socket } of [ana, ben]) {
      const changes = await socket.next('changes', (frame) => frame.conversations.some((each) => each.id === id));
      expect(changes.members.filter((member) => member.conversation === id)).toHaveLength(2);
    }
    await ana.http.request('PATCH', `/api/conversations/${id}`, { title: 'Long walks' });
    await ben.socket.next('changes', (frame) => frame.conversations.some(({ title }) => title === 'Long walks'));
    await ana.http.request('PATCH', '/api/me', { about: 'At sea' });
    await ben.socket.next('changes', (frame) => frame.people.some(({ about }) => about === 'At sea'));
  });

  it('[R8] [R12] a removed member is told, writes nothing more, and gets nothing more', async () => {
    const [here, there] = [await startNode(), await startNode()];
    const [ana, ben, cem] = [await signUp(here, 'Ana'), await signUp(there, 'Ben'), await signUp(there, 'Cem')];
    const id = await createGroup(ana, ben, cem);
    expect(await ben.socket.pushed(id, ben.user, ben.replica, 'before')).toMatchObject({ type: 'ack', seq: 1 });
    expect((await ana.http.request('DELETE', `/api/conversations/${id}/members/${ben.user}`)).status).toBe(200);
    expect(await ben.socket.pushed(id, ben.user, ben.replica, 'after')).toMatchObject({
      type: 'nack',
      code: 'not-a-member',
    });
    await ben.socket.next('changes', (frame) => frame.conversations.some((each) => each.id === id && each.left));
    expect(await ana.socket.pushed(id, ana.user, ana.replica, 'without Ben')).toMatchObject({ type: 'ack', seq: 2 });
    // Cem has it, on the same node as Ben; what reached Ben until then is all that does.
    await cem.socket.seen(id, 2);
    expect(ben.socket.seqs(id)).not.toContain(2);
    const segment = await ben.http.request('GET', `/api/conversations/${id}/segments`);
    expect(segment).toMatchObject({ status: 403, code: 'not-a-member' });
  });

  it('a page of another site opens no socket', async () => {
    const url = await startNode();
    const ana = await signUp(url, 'Ana');
    const foreign = new DeviceClient(
      url.replace('http', 'ws'),
      { device: ana.device, session: '' },
      { cookie: ana.http.cookie, origin: 'https://evil.example' },
    );
    const { code } = await foreign.ended();
    expect(code).toBeGreaterThanOrEqual(4400);
    expect(ana.socket.closed).toBeNull();
  });
});
