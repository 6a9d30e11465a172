import { expect, it } from 'vitest';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { Changes } from '#schema/wire/changes.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { commitTexts, storeReplica } from '#tests/support/stored-log.ts';
import { storeGroup, storeUsers } from '#tests/support/stored-people.ts';
import { addMembers } from './add-members.ts';
import { mergeReceipts } from './merge-receipts.ts';
import { readChanges } from './read-changes.ts';
import { removeMember } from './remove-member.ts';
import { renameConversation } from './rename-conversation.ts';
import { updateProfile } from './update-profile.ts';

describePostgres('what changed for a user', (postgres) => {
  const people = async () =>
    (await storeUsers(postgres.database(), 'Ana', 'Ben', 'Cleo', 'Dan')) as [UserId, UserId, UserId, UserId];
  const changes = async (user: UserId, since: string | null) => {
    const found = await readChanges(postgres.database(), user, since);
    return Changes.parse({ type: 'changes', ...found });
  };
  const names = (found: Changes) => found.people.map((person) => person.name).sort();
  const add = (conversation: ConversationId, asker: UserId, ...users: UserId[]) =>
    postgres.database().transaction((transaction) => addMembers(transaction, conversation, asker, users));
  const remove = (conversation: ConversationId, asker: UserId, user: UserId) =>
    postgres.database().transaction((transaction) => removeMember(transaction, conversation, asker, user));

  it('[C4] without a cursor it is everything, and says so', async () => {
    const [ana, ben, cleo, dan] = await people();
    const conversation = await storeGroup(postgres.database(), ana, [ben, cleo]);
    await storeGroup(postgres.database(), dan, []);
    const replica = await storeReplica(postgres.database(), ana);
    await commitTexts(postgres.database(), { conversation, user: ana, replica }, 0, ['one', 'two']);
    const all = await changes(ben, null);
    expect(all.complete).toBe(true);
    expect(names(all)).toEqual(['Ana', 'Ben', 'Cleo']);
    expect(all.conversations).toMatchObject([
      { id: conversation, kind: 'group', role: 'member', left: false, read: { seq: 0, above: {} } },
    ]);
    expect(all.members.map((member) => member.user).sort()).toEqual([ana, ben, cleo].sort());
    expect(all.heads).toEqual([[conversation, 2]]);
  });

  it('somebody alone gets themselves', async () => {
    const [ana] = await people();
    expect(await changes(ana, null)).toMatchObject({
      complete: true,
      conversations: [],
      members: [],
      heads: [],
      people: [{ id: ana }],
    });
  });

  it('[C4] at the cursor of before there is nothing, then each change of one kind alone', async () => {
    const [ana, ben, cleo] = await people();
    const conversation = await storeGroup(postgres.database(), ana, [ben]);
    const other = await storeGroup(postgres.database(), ana, [ben, cleo]);
    const replica = await storeReplica(postgres.database(), ana);
    const next = async () => (await changes(ben, null)).cursor;

    const nothing = { complete: false, people: [], conversations: [], members: [], heads: [] };
    let since = await next();
    expect(await changes(ben, since)).toMatchObject(nothing);

    await commitTexts(postgres.database(), { conversation, user: ana, replica }, 0, ['one']);
    expect(await changes(ben, since)).toMatchObject({ ...nothing, heads: [[conversation, 1]] });

    since = await next();
    await postgres
      .database()
      .transaction((transaction) => renameConversation(transaction, conversation, ana, 'New name'));
    expect(await changes(ben, since)).toMatchObject({
      ...nothing,
      conversations: [{ id: conversation, title: 'New name' }],
    });

    since = await next();
    await updateProfile(postgres.database(), cleo, { name: 'Cleo II' });
    expect(await changes(ben, since)).toMatchObject({ ...nothing, people: [{ id: cleo, name: 'Cleo II' }] });

    since = await next();
    await mergeReceipts(postgres.database(), [{ conversation, user: ana, delivered: 1, read: null }]);
    expect(await changes(ben, since)).toMatchObject({
      ...nothing,
      members: [{ conversation, user: ana, deliveredSeq: 1 }],
    });
    expect((await changes(cleo, since)).members).toEqual([]);

    since = await next();
    await remove(other, ana, cleo);
    const removed = await changes(ben, since);
    expect(removed.members).toMatchObject([{ conversation: other, user: cleo, left: true }]);
    expect(removed.conversations).toMatchObject([{ id: other }]);
  });

  it('people who are none of the user’s stay unknown', async () => {
    const [ana, ben, cleo] = await people();
    await storeGroup(postgres.database(), ana, [ben]);
    const { cursor } = await changes(ben, null);
    await updateProfile(postgres.database(), cleo, { name: 'A stranger' });
    expect((await changes(ben, cursor)).people).toEqual([]);
    expect(names(await changes(ben, null))).toEqual(['Ana', 'Ben']);
  });

  it('[C4] a conversation just joined brings its members, its people and its head, a second time too', async () => {
    const [ana, ben, cleo, dan] = await people();
    const conversation = await storeGroup(postgres.database(), ana, [ben]);
    const replica = await storeReplica(postgres.database(), ana);
    await commitTexts(postgres.database(), { conversation, user: ana, replica }, 0, ['before you came']);
    let { cursor } = await changes(cleo, null);
    await add(conversation, ana, cleo);
    const joined = await changes(cleo, cursor);
    expect(names(joined)).toEqual(['Ana', 'Ben', 'Cleo']);
    expect(joined).toMatchObject({
      complete: false,
      heads: [[conversation, 1]],
      conversations: [{ id: conversation, joinedSeq: 1, left: false }],
    });
    expect(joined.members).toHaveLength(3);

    const seenByBen = await changes(ben, cursor);
    expect(seenByBen.members).toMatchObject([{ user: cleo, left: false }]);
    expect(names(seenByBen)).toEqual(['Cleo']);

    await remove(conversation, ana, cleo);
    ({ cursor } = await changes(cleo, null));
    await add(conversation, ana, dan, cleo);
    const again = await changes(cleo, cursor);
    expect(names(again)).toEqual(['Ana', 'Ben', 'Cleo', 'Dan']);
    expect(again.members).toHaveLength(4);
  });

  it('[R12] who was removed learns that, and nothing that comes after', async () => {
    const [ana, ben, cleo, dan] = await people();
    const conversation = await storeGroup(postgres.database(), ana, [ben, cleo]);
    const { cursor } = await changes(ben, null);
    await remove(conversation, ana, ben);
    const told = await changes(ben, cursor);
    expect(told.conversations).toMatchObject([{ id: conversation, left: true }]);
    expect(told.members).toMatchObject([{ user: ben, left: true }]);
    expect(told.heads).toEqual([]);

    const replica = await storeReplica(postgres.database(), ana);
    await commitTexts(postgres.database(), { conversation, user: ana, replica }, 0, ['without Ben']);
    await postgres
      .database()
      .transaction((transaction) => renameConversation(transaction, conversation, ana, 'Secret'));
    await add(conversation, ana, dan);
    expect(await changes(ben, told.cursor)).toMatchObject({ conversations: [], members: [], heads: [], people: [] });
    const all = await changes(ben, null);
    expect(all.heads).toEqual([]);
    expect(names(all)).toEqual(['Ana', 'Ben', 'Cleo']);
  });

  it('[C4] what a transaction changes that is still open is told later, not lost', async () => {
    const [ana, ben] = await people();
    const conversation = await storeGroup(postgres.database(), ana, [ben]);
    const { cursor } = await changes(ben, null);
    let between = '';
    await postgres.database().transaction(async (transaction) => {
      await renameConversation(transaction, conversation, ana, 'Slowly');
      await updateProfile(postgres.database(), ana, { about: 'quicker' });
      const meanwhile = await changes(ben, cursor);
      expect(meanwhile.conversations).toEqual([]);
      between = meanwhile.cursor;
    });
    expect((await changes(ben, between)).conversations).toMatchObject([{ id: conversation, title: 'Slowly' }]);
  });

  it('[C5] a cursor from the future of this database counts as none', async () => {
    const [ana] = await people();
    expect((await changes(ana, '99999999999')).complete).toBe(true);
    expect((await changes(ana, '18446744073709551615')).complete).toBe(true);
  });
});
