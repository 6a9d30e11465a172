import { expect, it } from 'vitest';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { mergeReadState, type ReadState } from '#schema/read-state.ts';
import { ConversationRecord, MemberRecord } from '#schema/wire/people.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { commitTexts, storeReplica } from '#tests/support/stored-log.ts';
import { storeGroup, storeUsers } from '#tests/support/stored-people.ts';
import { mergeReceipts, readPlaces, type NewReceipt } from './merge-receipts.ts';

describePostgres('receipts', (postgres) => {
  const start = async () => {
    const [ana, ben] = (await storeUsers(postgres.database(), 'Ana', 'Ben')) as [UserId, UserId];
    const conversation = await storeGroup(postgres.database(), ana, [ben]);
    const replica = await storeReplica(postgres.database(), ana);
    await commitTexts(postgres.database(), { conversation, user: ana, replica }, 0, ['1', '2', '3', '4', '5']);
    const receipt = (delivered: number, read: ReadState | null = null, user = ben): NewReceipt => ({
      conversation,
      user,
      delivered,
      read,
    });
    const merge = (...receipts: NewReceipt[]) => mergeReceipts(postgres.database(), receipts);
    return { ana, ben, conversation, receipt, merge };
  };

  it('[E1] positions are merged by maximum and never go back', async () => {
    const { ben, conversation, receipt, merge } = await start();
    const [moved] = await merge(receipt(3, { seq: 2, above: { '2026-11/7': 4 } }));
    expect(MemberRecord.parse(moved?.member)).toMatchObject({ conversation, user: ben, deliveredSeq: 3, readSeq: 2 });
    expect(ConversationRecord.parse(moved?.own).read).toEqual({ seq: 2, above: { '2026-11/7': 4 } });
    expect(await merge(receipt(2, { seq: 1, above: { '2026-11/7': 3 } }))).toEqual([]);
    const [both] = await merge(receipt(1, { seq: 4, above: { '2026-11/7': 1, '2026-10/9': 0 } }));
    expect(both?.member).toMatchObject({ deliveredSeq: 3, readSeq: 4 });
    expect(both?.own.read).toEqual({ seq: 4, above: { '2026-11/7': 4, '2026-10/9': 0 } });
  });

  it('[E1] merging in the database is merging as the device does it', async () => {
    const { receipt, merge } = await start();
    const states: ReadState[] = [
      { seq: 1, above: { '2026-11/1': 5, '2026-11/10': 2 } },
      { seq: 3, above: { '2026-11/10': 9 } },
      { seq: 2, above: { '2026-09/3': 1, '2026-11/1': 0 } },
    ];
    for (const state of states) await merge(receipt(0, state));
    const [last] = await merge(receipt(5));
    expect(last?.own.read).toEqual(states.reduce(mergeReadState));
  });

  it('nobody has stored or read what does not exist', async () => {
    const { receipt, merge } = await start();
    const [moved] = await merge(receipt(900, { seq: 800, above: {} }));
    expect(moved?.member).toMatchObject({ deliveredSeq: 5, readSeq: 5 });
  });

  it('says nothing for who is no member, nor for what says nothing new', async () => {
    const { ana, ben, conversation, receipt, merge } = await start();
    const [cleo] = (await storeUsers(postgres.database(), 'Cleo')) as [UserId];
    expect(await merge(receipt(3, null, cleo), receipt(0, null, ana))).toEqual([]);
    await postgres
      .database()
      .query(`UPDATE memberships SET left_at = now() WHERE conversation_id = $1 AND user_id = $2`, [conversation, ben]);
    expect(await merge(receipt(3))).toEqual([]);
    expect(
      await merge({ conversation: crypto.randomUUID() as ConversationId, user: ben, delivered: 3, read: null }),
    ).toEqual([]);
  });

  it('positions above the read seq are bounded: the newest months stay', async () => {
    const { receipt, merge } = await start();
    const above = (month: string) =>
      Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`${month}/${i + 1}`, 1]));
    await merge(receipt(0, { seq: 0, above: above('2026-10') }));
    const [moved] = await merge(receipt(0, { seq: 0, above: above('2026-11') }));
    const keys = Object.keys(moved?.own.read.above ?? {});
    expect(keys).toHaveLength(LIMITS.readAbove);
    expect(keys.filter((key) => key.startsWith('2026-11'))).toHaveLength(700);
  });

  it('two nodes that store the same receipts at once do not wait for each other', async () => {
    const { ana, ben, receipt, merge } = await start();
    for (let seq = 1; seq <= 5; seq++) {
      const batch = [receipt(seq, null, ana), receipt(seq, null, ben)];
      const moved = (await Promise.all([merge(...batch), merge(...batch.reverse())])).flat();
      expect(moved.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('places are read as another node stored them', async () => {
    const { ben, conversation, receipt, merge } = await start();
    await merge(receipt(4, { seq: 2, above: {} }));
    expect(await readPlaces(postgres.database(), [{ conversation, user: ben }])).toMatchObject([
      { member: { deliveredSeq: 4 }, own: { read: { seq: 2 } } },
    ]);
  });
});
