import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import { encodeDeletion } from '#schema/segment/update-codec.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { chainOf, commitTexts, november, storeReplica, type Author } from '#tests/support/stored-log.ts';
import { storeGroup, storeUsers } from '#tests/support/stored-people.ts';
import { commitUpdates, type Chain } from './commit-updates.ts';
import { createConversation } from './create-conversation.ts';
import { removeMember } from './remove-member.ts';

describePostgres('commit_updates', (postgres) => {
  let ana: UserId, ben: UserId, cleo: UserId;
  beforeAll(async () => {
    [ana, ben, cleo] = (await storeUsers(postgres.database(), 'Ana', 'Ben', 'Cleo')) as [UserId, UserId, UserId];
  });

  const group = async (): Promise<{ conversation: ConversationId; a: Author; b: Author }> => {
    const conversation = await storeGroup(postgres.database(), ana, [ben]);
    const a = { conversation, user: ana, replica: await storeReplica(postgres.database(), ana) };
    const b = { conversation, user: ben, replica: await storeReplica(postgres.database(), ben) };
    return { conversation, a, b };
  };
  const commit = async (...chains: Chain[]) =>
    (await commitUpdates(postgres.database(), chains)).map((one) => one.outcome);
  const head = async (conversation: ConversationId) =>
    (
      await postgres
        .database()
        .query<{ head_seq: number }>(`SELECT head_seq FROM conversations WHERE id = $1`, [conversation])
    )[0]?.head_seq;
  const rows = (conversation: ConversationId) =>
    postgres
      .database()
      .query(`SELECT seq, replica, clock_from FROM updates WHERE conversation_id = $1 ORDER BY seq`, [conversation]);

  it('[R7] rows get gapless seqs in the order of the chains, each conversation its own', async () => {
    const [one, two] = [await group(), await group()];
    const outcomes = await commitUpdates(postgres.database(), [
      chainOf(one.a, 0, ['a', 'b']),
      chainOf(two.a, 0, ['c']),
      chainOf(one.b, 0, ['d']),
    ]);
    expect(outcomes.map(({ outcome, firstSeq }) => [outcome, firstSeq])).toEqual([
      ['stored', 1],
      ['stored', 1],
      ['stored', 3],
    ]);
    expect(await rows(one.conversation)).toEqual([
      { seq: 1, replica: one.a.replica, clock_from: 0 },
      { seq: 2, replica: one.a.replica, clock_from: 1 },
      { seq: 3, replica: one.b.replica, clock_from: 0 },
    ]);
    expect([await head(one.conversation), await head(two.conversation)]).toEqual([3, 1]);
  });

  it('[R7] a refused chain takes no seq, and does not hold back the others of its batch', async () => {
    const { conversation, a, b } = await group();
    const outcomes = await commitUpdates(postgres.database(), [chainOf(a, 5, ['gap', 'gap']), chainOf(b, 0, ['fine'])]);
    expect(outcomes).toMatchObject([
      { outcome: 'clock', expected: 0 },
      { outcome: 'stored', firstSeq: 1 },
    ]);
    expect(await head(conversation)).toBe(1);
    await commitTexts(postgres.database(), b, 1, ['next']);
    expect(await head(conversation)).toBe(2);
  });

  it('[R5] a replica of somebody else, or a retired one, is refused', async () => {
    const { a, b } = await group();
    expect(await commit(chainOf({ ...a, replica: b.replica }, 0, ['x']))).toEqual(['replica-not-yours']);
    expect(await commit(chainOf({ ...a, replica: 4_000_000_000 }, 0, ['x']))).toEqual(['replica-not-yours']);
    await postgres.database().query(`UPDATE replicas SET retired_at = now() WHERE replica = $1`, [a.replica]);
    expect(await commit(chainOf(a, 0, ['x']))).toEqual(['replica-not-yours']);
  });

  it('[R8] those who are no members are refused, and so is what does not exist', async () => {
    const { conversation, a, b } = await group();
    const stranger = { conversation, user: cleo, replica: await storeReplica(postgres.database(), cleo) };
    expect(await commit(chainOf(stranger, 0, ['x']))).toEqual(['not-a-member']);
    expect(await commit(chainOf({ ...a, conversation: randomUUID() as ConversationId }, 0, ['x']))).toEqual([
      'unknown-conversation',
    ]);
    await postgres.database().transaction((transaction) => removeMember(transaction, conversation, ana, ben));
    expect(await commit(chainOf(b, 0, ['late']))).toEqual(['not-a-member']);
    expect(await head(conversation)).toBe(0);
  });

  it('[R8] a removal and a commit at once: the update is before it, or refused', async () => {
    for (let turn = 0; turn < 10; turn++) {
      const { conversation, b } = await group();
      const [, outcome] = await Promise.all([
        postgres.database().transaction((transaction) => removeMember(transaction, conversation, ana, ben)),
        commit(chainOf(b, 0, ['racing'])),
      ]);
      expect(['stored', 'not-a-member']).toContain(outcome[0]);
      expect(await head(conversation)).toBe(outcome[0] === 'stored' ? 1 : 0);
    }
  });

  it('[D6] what a chain needs must be stored in the same segment, and be its author’s where that matters', async () => {
    const { a, b } = await group();
    await commitTexts(postgres.database(), a, 0, ['first', 'second']);
    const need = (clock: number, author: UserId | null, segment: SegmentName = november) =>
      commit(chainOf(b, 0, ['x'], { segment, needs: [{ replica: a.replica, clock, author }] }));
    expect(await need(2, null)).toEqual(['unknown-target']);
    expect(await need(1, null, '2026-10' as SegmentName)).toEqual(['unknown-target']);
    expect(await need(1, ben)).toEqual(['not-allowed']);
    expect(await need(1, cleo)).toEqual(['wrong-author']);
    expect(await need(1, ana)).toEqual(['stored']);
  });

  it('[D6] only an owner or admin of a group deletes what others wrote', async () => {
    const { conversation, a, b } = await group();
    expect(await commit(chainOf(b, 0, ['x'], { asAdmin: true }))).toEqual(['not-allowed']);
    expect(await commit(chainOf(a, 0, ['x'], { asAdmin: true }))).toEqual(['stored']);
    await postgres
      .database()
      .query(`UPDATE memberships SET role = 'admin' WHERE conversation_id = $1 AND user_id = $2`, [conversation, ben]);
    expect(await commit(chainOf(b, 0, ['x'], { asAdmin: true }))).toEqual(['stored']);
    const direct = randomUUID() as ConversationId;
    await postgres
      .database()
      .transaction((transaction) =>
        createConversation(transaction, { id: direct, kind: 'direct', title: '', createdBy: ana, others: [ben] }),
      );
    await postgres.database().query(`UPDATE memberships SET role = 'owner' WHERE conversation_id = $1`, [direct]);
    expect(await commit(chainOf({ ...a, conversation: direct }, 0, ['x'], { asAdmin: true }))).toEqual(['not-allowed']);
  });

  it('[D7] the relay’s own deletion is a row after the event’s, of no replica', async () => {
    const { conversation, a } = await group();
    const chain = chainOf(a, 0, ['x']);
    const deletion = { clock: null, count: 0, bytes: encodeDeletion([{ replica: a.replica, clock: 0, count: 1 }]) };
    await commitTexts(postgres.database(), a, 0, ['x'], { rows: [...chain.rows, deletion] });
    expect(await rows(conversation)).toEqual([
      { seq: 1, replica: a.replica, clock_from: 0 },
      { seq: 2, replica: null, clock_from: null },
    ]);
  });

  it('bytes come back as they went in, whatever their size', async () => {
    const { conversation, a } = await group();
    const sizes = [0, 1, 2_047, 100_000];
    const made = sizes.map((size, clock) => ({
      clock,
      count: 1,
      bytes: Uint8Array.from({ length: size }, (_, i) => (i * 7) & 255),
    }));
    await commitTexts(postgres.database(), a, 0, sizes.map(String), { rows: made });
    const found = await postgres
      .database()
      .query<{ bytes: Uint8Array }>(`SELECT bytes FROM updates WHERE conversation_id = $1 ORDER BY seq`, [
        conversation,
      ]);
    expect(found.map((row) => Buffer.from(row.bytes).equals(made[found.indexOf(row)]?.bytes ?? Buffer.of()))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('[W2] batches over the same conversations at once wait for each other and lose nothing', async () => {
    const groups = await Promise.all([group(), group(), group()]);
    const turns = 20;
    const writer = async (
      order: readonly { readonly a: Author; readonly b: Author }[],
      who: 'a' | 'b',
    ): Promise<void> => {
      for (let clock = 0; clock < turns; clock++)
        await commit(...order.map((one) => chainOf(one[who], clock, [String(clock)])));
    };
    await Promise.all([writer(groups, 'a'), writer([...groups].reverse(), 'b')]);
    for (const { conversation } of groups) {
      const stored = await rows(conversation);
      expect(stored.map((row) => row['seq'])).toEqual(Array.from({ length: 2 * turns }, (_, i) => i + 1));
      expect(await head(conversation)).toBe(2 * turns);
    }
  });

  it('the version changes with the members and not with the messages', async () => {
    const { conversation, a } = await group();
    const first = await commitTexts(postgres.database(), a, 0, ['x']);
    const second = await commitTexts(postgres.database(), a, 1, ['y']);
    expect(second.version).toBe(first.version);
    await postgres.database().transaction((transaction) => removeMember(transaction, conversation, ana, ben));
    expect((await commitTexts(postgres.database(), a, 2, ['z'])).version).not.toBe(first.version);
  });
});
