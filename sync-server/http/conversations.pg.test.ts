import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Me } from '#schema/http/accounts.ts';
import { ConversationAnswer } from '#schema/http/conversations.ts';
import { PeopleAnswer } from '#schema/http/people.ts';
import { directConversationId, selfConversationId } from '#schema/conversation-ids.ts';
import type { UserId } from '#schema/ids.ts';
import { startHttpApp, type HttpApp, type HttpClient } from '#tests/support/http-app.ts';
import { describePostgres } from '#tests/support/postgres.ts';

interface SignedUp {
  readonly client: HttpClient;
  readonly id: UserId;
  readonly email: string;
}

describePostgres('conversations over HTTP', (postgres) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await startHttpApp(postgres.database());
  });
  afterAll(() => app.close());
  beforeEach(() => void (app.told.length = 0));

  const signUp = async (name: string): Promise<SignedUp> => {
    const client = app.client();
    const email = `${randomUUID()}@example.org`;
    const answer = await client.request('POST', '/api/sign-up', { name, email, password: 'correct horse' });
    return { client, id: Me.parse(answer.body).user.id, email };
  };
  const three = () => Promise.all([signUp('Ana'), signUp('Ben'), signUp('Cem')]);
  const key = () => ({ 'Idempotency-Key': randomUUID() });
  const createGroup = async (owner: SignedUp, others: readonly SignedUp[]) => {
    const answer = await owner.client.request('POST', '/api/conversations', {
      kind: 'group',
      title: 'Walks',
      members: others.map((other) => other.id),
    });
    expect(answer.status).toBe(201);
    return ConversationAnswer.parse(answer.body).conversation.id;
  };

  it('a group is created with the id its device chose, and its members are told', async () => {
    const [ana, ben, cem] = await three();
    const id = randomUUID();
    const answer = await ana.client.request('POST', '/api/conversations', {
      kind: 'group',
      id,
      title: ' Walks ',
      members: [ben.id, cem.id],
    });
    expect(answer.status).toBe(201);
    const { conversation, members, people } = ConversationAnswer.parse(answer.body);
    expect(conversation).toMatchObject({ id, title: 'Walks', role: 'owner', createdBy: ana.id });
    expect(members).toHaveLength(3);
    expect(people.map((person) => person.name).sort()).toEqual(['Ana', 'Ben', 'Cem']);
    expect(app.told).toEqual([['relationalChange', expect.arrayContaining([ana.id, ben.id, cem.id])]]);
    app.told.length = 0;
    expect(
      (await ana.client.request('POST', '/api/conversations', { kind: 'group', id, title: 'Walks', members: [ben.id] }))
        .status,
    ).toBe(200);
    expect(app.told).toEqual([]);
    expect(
      await ben.client.request('POST', '/api/conversations', { kind: 'group', id, title: 'Mine', members: [] }),
    ).toMatchObject({ status: 409, code: 'already-different' });
  });

  it('both sides start the direct conversation at once: one is created, both get the same', async () => {
    const [ana, ben] = await three();
    const answers = await Promise.all([
      ana.client.request('POST', '/api/conversations', { kind: 'direct', with: ben.id }, key()),
      ben.client.request('POST', '/api/conversations', { kind: 'direct', with: ana.id }, key()),
    ]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 201]);
    const ids = answers.map((answer) => ConversationAnswer.parse(answer.body).conversation.id);
    expect(ids).toEqual([directConversationId(ana.id, ben.id), directConversationId(ana.id, ben.id)]);
  });

  it('a conversation with oneself is of the kind self', async () => {
    const ana = await signUp('Ana');
    expect((await ana.client.request('POST', '/api/conversations', { kind: 'self' })).body).toMatchObject({
      conversation: { id: selfConversationId(ana.id) },
    });
    expect(await ana.client.request('POST', '/api/conversations', { kind: 'direct', with: ana.id })).toMatchObject({
      status: 400,
      code: 'invalid-request',
    });
    expect(
      await ana.client.request('POST', '/api/conversations', { kind: 'direct', with: randomUUID() }),
    ).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('[R6] a command sent again with its key gives the same answer and is done once', async () => {
    const [ana, ben] = await three();
    const headers = key();
    const body = { kind: 'group', title: 'Walks', members: [ben.id] };
    const first = await ana.client.request('POST', '/api/conversations', body, headers);
    const again = await ana.client.request('POST', '/api/conversations', body, headers);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(app.told).toHaveLength(1);
    expect(await ana.client.request('POST', '/api/conversations', { ...body, title: 'Other' }, headers)).toMatchObject({
      status: 422,
      code: 'key-reused',
    });
    expect(await ana.client.request('PATCH', '/api/me', { about: 'x' }, headers)).toMatchObject({
      status: 422,
      code: 'key-reused',
    });
    expect((await ben.client.request('POST', '/api/conversations', { kind: 'self' }, headers)).status).toBe(201);
  });

  it('[R6] a command sent many times at once is done once', async () => {
    const ana = await signUp('Ana');
    const headers = key();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        ana.client.request('POST', '/api/conversations', { kind: 'group', title: 'Walks', members: [] }, headers),
      ),
    );
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    const [count] = await postgres
      .database()
      .query<{ count: number }>(`SELECT count(*) AS count FROM conversations WHERE created_by = $1`, [ana.id]);
    expect(count?.count).toBe(1);
  });

  it('a refused command is looked at anew when it is sent again', async () => {
    const [ana, ben] = await three();
    const group = await createGroup(ana, []);
    const headers = key();
    const add = () => ben.client.request('POST', `/api/conversations/${group}/members`, { users: [ben.id] }, headers);
    expect(await add()).toMatchObject({ status: 404, code: 'unknown-conversation' });
    await ana.client.request('POST', `/api/conversations/${group}/members`, { users: [ben.id] });
    expect(await add()).toMatchObject({ status: 403, code: 'not-allowed' });
  });

  it.each(['short', 'x'.repeat(81), 'with a space', 'ключ-ключ'])('a key such as "%s" is refused', async (bad) => {
    const ana = await signUp('Ana');
    const answer = await ana.client.request(
      'POST',
      '/api/conversations',
      { kind: 'self' },
      { 'Idempotency-Key': encodeURI(bad) === bad ? bad : Buffer.from(bad).toString('latin1') },
    );
    expect(answer).toMatchObject({ status: 400, code: 'invalid-request' });
  });

  it('people are added, told, and see the conversation; adding them again changes nothing', async () => {
    const [ana, ben, cem] = await three();
    const group = await createGroup(ana, [ben]);
    app.told.length = 0;
    const answer = await ana.client.request('POST', `/api/conversations/${group}/members`, { users: [cem.id] });
    expect(ConversationAnswer.parse(answer.body).members.map((member) => member.user)).toContain(cem.id);
    expect(app.told).toEqual([['relationalChange', expect.arrayContaining([ana.id, ben.id, cem.id])]]);
    expect((await ana.client.request('POST', `/api/conversations/${group}/members`, { users: [cem.id] })).status).toBe(
      200,
    );
    expect(app.told).toHaveLength(1);
    expect(await ben.client.request('POST', `/api/conversations/${group}/members`, { users: [cem.id] })).toMatchObject({
      status: 403,
      code: 'not-allowed',
    });
    expect(await ana.client.request('POST', `/api/conversations/${group}/members`, { users: [] })).toMatchObject({
      status: 400,
      body: { error: { fields: { users: expect.any(String) } } },
    });
  });

  it('[R12] a removed member is dropped first, then everybody is told, they too', async () => {
    const [ana, ben, cem] = await three();
    const group = await createGroup(ana, [ben, cem]);
    app.told.length = 0;
    const answer = await ana.client.request(
      'DELETE',
      `/api/conversations/${group}/members/${ben.id}`,
      undefined,
      key(),
    );
    expect(ConversationAnswer.parse(answer.body).members.find((member) => member.user === ben.id)?.left).toBe(true);
    expect(app.told).toEqual([
      ['dropMember', group, ben.id],
      ['relationalChange', expect.arrayContaining([ana.id, cem.id, ben.id])],
    ]);
    app.told.length = 0;
    expect((await ana.client.request('DELETE', `/api/conversations/${group}/members/${ben.id}`)).status).toBe(200);
    expect(app.told).toEqual([]);
    expect(await ben.client.request('PATCH', `/api/conversations/${group}`, { title: 'Mine' })).toMatchObject({
      status: 403,
      code: 'not-a-member',
    });
  });

  it('leaving can be sent again, and the group goes on', async () => {
    const [ana, ben] = await three();
    const group = await createGroup(ana, [ben]);
    for (let i = 0; i < 2; i++) {
      const answer = await ana.client.request('DELETE', `/api/conversations/${group}/members/${ana.id}`);
      expect(answer).toMatchObject({ status: 200, body: { conversation: { left: true } } });
    }
    expect(await ben.client.request('PATCH', `/api/conversations/${group}`, { title: 'Ours' })).toMatchObject({
      status: 200,
      body: { conversation: { title: 'Ours', role: 'owner' } },
    });
  });

  it('of two renamings at once both happen, and the last to reach the server stays', async () => {
    const [ana, ben] = await three();
    const group = await createGroup(ana, [ben]);
    await postgres
      .database()
      .query(`UPDATE memberships SET role = 'admin' WHERE conversation_id = $1 AND user_id = $2`, [group, ben.id]);
    const answers = await Promise.all([
      ana.client.request('PATCH', `/api/conversations/${group}`, { title: 'Hers' }),
      ben.client.request('PATCH', `/api/conversations/${group}`, { title: 'His' }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    const [row] = await postgres
      .database()
      .query<{ title: string }>(`SELECT title FROM conversations WHERE id = $1`, [group]);
    expect(['Hers', 'His']).toContain(row?.title);
  });

  it('a group of a thousand is created in one request', async () => {
    const ana = await signUp('Ana');
    const crowd = await postgres
      .database()
      .query<{ id: UserId }>(
        `INSERT INTO users (id, name, placeholder) SELECT gen_random_uuid(), 'Crowd', true FROM generate_series(1, 1000) RETURNING id`,
      );
    const ids = crowd.map((row) => row.id);
    const answer = await ana.client.request(
      'POST',
      '/api/conversations',
      { kind: 'group', title: 'Crowd', members: ids.slice(0, 999) },
      key(),
    );
    expect(answer.status).toBe(201);
    expect(ConversationAnswer.parse(answer.body).members).toHaveLength(1000);
    expect(
      await ana.client.request('POST', '/api/conversations', { kind: 'group', title: 'Crowd', members: ids }),
    ).toMatchObject({ status: 400, code: 'invalid-request' });
  });

  it('people are found by name and by exact email, without their emails', async () => {
    const [ana, ben] = await Promise.all([signUp('Ana'), signUp(`Benedikt Æ${randomUUID().slice(0, 8)}`)]);
    const find = async (query: string) =>
      PeopleAnswer.parse((await ana.client.request('GET', `/api/people?query=${encodeURIComponent(query)}`)).body)
        .people;
    expect((await find(ben.email)).map((person) => person.id)).toEqual([ben.id]);
    const [found] = (await find('benedikt')).filter((person) => person.id === ben.id);
    expect(Object.keys(found ?? {}).sort()).toEqual(['about', 'id', 'name', 'placeholder']);
    for (const path of [
      '/api/people',
      '/api/people?query=',
      '/api/people?query=%20',
      '/api/people?query=a&query=b',
      `/api/people?query=${'x'.repeat(300)}`,
    ]) {
      expect(await ana.client.request('GET', path)).toMatchObject({ status: 400, code: 'invalid-request' });
    }
    expect((await app.client().request('GET', '/api/people?query=a')).status).toBe(401);
  });
});
