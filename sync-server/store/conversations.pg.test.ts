import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { ConversationAnswer } from '#schema/http/conversations.ts';
import { directConversationId, selfConversationId } from '#schema/conversation-ids.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { storeGroup, storeUser, storeUsers } from '#tests/support/stored-people.ts';
import { addMembers } from './add-members.ts';
import { createConversation, type NewConversation } from './create-conversation.ts';
import type { Queryable } from './database.ts';
import { readConversation } from './read-conversation.ts';
import { removeMember } from './remove-member.ts';
import { renameConversation } from './rename-conversation.ts';

describePostgres('conversations in the store', (postgres) => {
  const inTransaction = <T>(work: (transaction: Queryable) => Promise<T>) => postgres.database().transaction(work);
  const create = (wanted: NewConversation) => inTransaction((transaction) => createConversation(transaction, wanted));
  const add = (group: ConversationId, asker: UserId, users: UserId[]) =>
    inTransaction((transaction) => addMembers(transaction, group, asker, users));
  const remove = (group: ConversationId, asker: UserId, user: UserId) =>
    inTransaction((transaction) => removeMember(transaction, group, asker, user));
  const rename = (group: ConversationId, asker: UserId, title: string) =>
    inTransaction((transaction) => renameConversation(transaction, group, asker, title));
  const read = async (conversation: ConversationId, asker: UserId) =>
    ConversationAnswer.parse(await readConversation(postgres.database(), conversation, asker));
  const people = async () =>
    (await storeUsers(postgres.database(), 'Ana', 'Ben', 'Cem', 'Dora')) as [UserId, UserId, UserId, UserId];
  const makeAdmin = (group: ConversationId, user: UserId) =>
    postgres
      .database()
      .query(`UPDATE memberships SET role = 'admin' WHERE conversation_id = $1 AND user_id = $2`, [group, user]);
  const direct = (one: UserId, other: UserId): NewConversation => ({
    id: directConversationId(one, other),
    kind: 'direct',
    title: '',
    createdBy: one,
    others: [other],
  });
  const xids = async (group: ConversationId) => {
    const rows = await postgres
      .database()
      .query<{ who: string; xid: string }>(
        `SELECT user_id::text AS who, xid::text FROM memberships WHERE conversation_id = $1 UNION ALL SELECT 'conversation', xid::text FROM conversations WHERE id = $1`,
        [group],
      );
    return Object.fromEntries(rows.map((row) => [row.who, BigInt(row.xid)]));
  };

  it('a group has its creator as owner, and everybody once', async () => {
    const [ana, ben] = await people();
    const id = randomUUID() as ConversationId;
    expect(await create({ id, kind: 'group', title: 'Walks', createdBy: ana, others: [ben, ben, ana] })).toBe(true);
    const answer = await read(id, ben);
    expect(answer.conversation).toMatchObject({
      id,
      kind: 'group',
      title: 'Walks',
      createdBy: ana,
      role: 'member',
      joinedSeq: 0,
      left: false,
      read: { seq: 0, above: {} },
    });
    expect(answer.members.map(({ user, role }) => [user, role])).toEqual(
      expect.arrayContaining([
        [ana, 'owner'],
        [ben, 'member'],
      ]),
    );
    expect(answer.members).toHaveLength(2);
    expect(answer.people.map((person) => person.name).sort()).toEqual(['Ana', 'Ben']);
  });

  it('both people start their direct conversation at once: it is one, and both are in it', async () => {
    for (let round = 0; round < 10; round++) {
      const [ana, ben] = await people();
      const created = await Promise.all([
        create(direct(ana, ben)),
        create(direct(ben, ana)),
        create(direct(ana, ben)),
        create(direct(ben, ana)),
      ]);
      expect(created.filter(Boolean)).toHaveLength(1);
      const answer = await read(directConversationId(ben, ana), ben);
      expect(answer.members.map((member) => member.role)).toEqual(['member', 'member']);
    }
  });

  it('creating again what exists finds it, also when others joined meanwhile and the title changed', async () => {
    const [ana, ben, cem] = await people();
    const wanted: NewConversation = {
      id: randomUUID() as ConversationId,
      kind: 'group',
      title: 'Walks',
      createdBy: ana,
      others: [ben],
    };
    await create(wanted);
    await add(wanted.id, ana, [cem]);
    await rename(wanted.id, ana, 'Long walks');
    await remove(wanted.id, ana, ben);
    expect(await create(wanted)).toBe(false);
    expect((await read(wanted.id, ana)).conversation.title).toBe('Long walks');
  });

  it('an id that is another conversation’s is refused', async () => {
    const [ana, ben, cem] = await people();
    const group = await storeGroup(postgres.database(), ana, [ben]);
    const same: NewConversation = { id: group, kind: 'group', title: 'Mine', createdBy: ana, others: [ben] };
    await expect(create({ ...same, others: [ben, cem] })).rejects.toMatchObject({ code: 'already-different' });
    await expect(create({ ...same, createdBy: ben, others: [] })).rejects.toMatchObject({ code: 'already-different' });
    await create(direct(ana, ben));
    await expect(create({ ...same, id: directConversationId(ana, ben) })).rejects.toMatchObject({
      code: 'already-different',
    });
  });

  it('people who do not exist cannot be in a conversation', async () => {
    const [ana, ben] = await people();
    const nobody = randomUUID() as UserId;
    await expect(create(direct(ana, nobody))).rejects.toMatchObject({ code: 'not-found' });
    const group = await storeGroup(postgres.database(), ana, []);
    await expect(add(group, ana, [ben, nobody])).rejects.toMatchObject({ code: 'not-found' });
    expect((await read(group, ana)).members).toHaveLength(1);
  });

  it('what one never was in does not exist', async () => {
    const [ana, ben] = await people();
    const group = await storeGroup(postgres.database(), ana, []);
    const acts = [
      () => read(group, ben),
      () => rename(group, ben, 'x'),
      () => add(group, ben, [ben]),
      () => remove(group, ben, ana),
      () => remove(group, ben, ben),
      () => rename(randomUUID() as ConversationId, ana, 'x'),
    ];
    for (const act of acts) {
      await expect(act()).rejects.toMatchObject({ code: 'unknown-conversation' });
    }
  });

  it('[C4] adding gives the new member and the conversation a newer transaction id, and nobody else', async () => {
    const [ana, ben, cem] = await people();
    const group = await storeGroup(postgres.database(), ana, [ben]);
    const before = await xids(group);
    expect(await add(group, ana, [cem, ben])).toEqual([cem]);
    const after = await xids(group);
    expect(after['conversation']).toBeGreaterThan(before['conversation'] ?? 0n);
    expect(after[cem]).toBe(after['conversation']);
    expect(after[ben]).toBe(before[ben]);
    expect(await add(group, ana, [cem, ben])).toEqual([]);
    expect(await xids(group)).toEqual(after);
  });

  it('whoever joins has nothing unread from before, and comes back as a member', async () => {
    const [ana, ben] = await people();
    const group = await storeGroup(postgres.database(), ana, [ben]);
    await makeAdmin(group, ben);
    await remove(group, ana, ben);
    await postgres.database().query(`UPDATE conversations SET head_seq = 42 WHERE id = $1`, [group]);
    expect(await add(group, ana, [ben])).toEqual([ben]);
    expect((await read(group, ben)).conversation).toMatchObject({ joinedSeq: 42, left: false, role: 'member' });
  });

  it('a removed member’s row stays, with the time and a newer transaction id', async () => {
    const [ana, ben, cem] = await people();
    const group = await storeGroup(postgres.database(), ana, [ben, cem]);
    const before = await xids(group);
    expect(await remove(group, ana, ben)).toBe(true);
    const after = await xids(group);
    expect(after[ben]).toBeGreaterThan(before[ben] ?? 0n);
    expect(after['conversation']).toBe(after[ben]);
    expect((await read(group, ben)).conversation.left).toBe(true);
    expect((await read(group, ana)).members.find((member) => member.user === ben)?.left).toBe(true);
    expect(await remove(group, ana, ben)).toBe(false);
    expect(await remove(group, ben, ben)).toBe(false);
    await expect(rename(group, ben, 'x')).rejects.toMatchObject({ code: 'not-a-member' });
    await expect(add(group, ben, [ben])).rejects.toMatchObject({ code: 'not-a-member' });
    await expect(remove(group, ben, cem)).rejects.toMatchObject({ code: 'not-a-member' });
  });

  it('[R12] who left is not told who came after them', async () => {
    const [ana, ben, cem, dora] = await people();
    const group = await storeGroup(postgres.database(), ana, [ben, cem]);
    await remove(group, ben, ben);
    await add(group, ana, [dora]);
    const answer = await read(group, ben);
    expect(answer.members.map((member) => member.user).sort()).toEqual([ana, ben, cem].sort());
    expect(answer.people.map((person) => person.name).sort()).toEqual(['Ana', 'Ben', 'Cem']);
    expect((await read(group, ana)).people).toHaveLength(4);
  });

  it.each([
    { asker: 'owner', target: 'admin', allowed: true },
    { asker: 'owner', target: 'member', allowed: true },
    { asker: 'admin', target: 'owner', allowed: false },
    { asker: 'admin', target: 'admin', allowed: false },
    { asker: 'admin', target: 'member', allowed: true },
    { asker: 'member', target: 'owner', allowed: false },
    { asker: 'member', target: 'admin', allowed: false },
    { asker: 'member', target: 'member', allowed: false },
  ])('removing: $asker of $target is allowed: $allowed', async ({ asker, target, allowed }) => {
    const [owner, one, other] = await people();
    const group = await storeGroup(postgres.database(), owner, [one, other]);
    const actor = asker === 'owner' ? owner : one;
    const victim = target === 'owner' ? owner : other;
    if (asker === 'admin') await makeAdmin(group, one);
    if (target === 'admin') await makeAdmin(group, other);
    const removal = remove(group, actor, victim);
    if (allowed) await expect(removal).resolves.toBe(true);
    else await expect(removal).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('members neither add nor rename; admins do', async () => {
    const [ana, ben, cem] = await people();
    const group = await storeGroup(postgres.database(), ana, [ben]);
    await expect(add(group, ben, [cem])).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(rename(group, ben, 'x')).rejects.toMatchObject({ code: 'not-allowed' });
    await makeAdmin(group, ben);
    expect(await add(group, ben, [cem])).toEqual([cem]);
    expect(await rename(group, ben, 'New')).toBe(true);
    expect(await rename(group, ben, 'New')).toBe(false);
  });

  it('an owner who leaves hands over to an admin before a member, and never to a placeholder', async () => {
    const [ana, ben, cem, dora] = await people();
    const group = await storeGroup(postgres.database(), ana, [ben, cem, dora]);
    await makeAdmin(group, cem);
    const owners = async () =>
      (await read(group, ana)).members.filter((member) => member.role === 'owner').map((member) => member.user);
    await remove(group, ana, ana);
    expect(await owners()).toEqual([cem]);
    await remove(group, cem, ben);
    await remove(group, cem, cem);
    expect(await owners()).toEqual([dora]);
    const ghost = randomUUID() as UserId;
    await postgres.database().query(`INSERT INTO users (id, name, placeholder) VALUES ($1, 'Imported', true)`, [ghost]);
    await add(group, dora, [ghost]);
    await remove(group, dora, dora);
    expect(await owners()).toEqual([]);
  });

  it('direct and self conversations cannot be left or changed', async () => {
    const [ana, ben, cem] = await people();
    await create(direct(ana, ben));
    const id = directConversationId(ana, ben);
    const self: NewConversation = { id: selfConversationId(ana), kind: 'self', title: '', createdBy: ana, others: [] };
    expect([await create(self), await create(self)]).toEqual([true, false]);
    const acts = [
      () => remove(id, ana, ben),
      () => remove(id, ana, ana),
      () => add(id, ana, [cem]),
      () => rename(id, ana, 'x'),
      () => remove(self.id, ana, ana),
      () => add(self.id, ana, [ben]),
    ];
    for (const act of acts) {
      await expect(act()).rejects.toMatchObject({ code: 'not-allowed' });
    }
  });

  it('a person who never was in the group cannot be removed from it', async () => {
    const [ana, ben] = await people();
    const group = await storeGroup(postgres.database(), ana, []);
    await expect(remove(group, ana, ben)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('a group cannot grow beyond its limit', async () => {
    const ana = await storeUser(postgres.database(), 'Ana');
    const ids = await postgres
      .database()
      .query<{ id: UserId }>(
        `INSERT INTO users (id, name, placeholder) SELECT gen_random_uuid(), 'Crowd', true FROM generate_series(1, $1::int) RETURNING id`,
        [LIMITS.members],
      );
    const crowd = ids.map((row) => row.id);
    const group = await storeGroup(postgres.database(), ana, crowd.slice(0, LIMITS.members - 1));
    await expect(add(group, ana, crowd.slice(-1))).rejects.toMatchObject({ code: 'invalid-request' });
    expect((await read(group, ana)).members).toHaveLength(LIMITS.members);
  });
});
