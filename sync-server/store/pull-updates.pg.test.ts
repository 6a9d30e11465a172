import { expect, it } from 'vitest';
import type { UserId } from '#schema/ids.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { commitTexts, november, storeReplica } from '#tests/support/stored-log.ts';
import { storeGroup, storeUsers } from '#tests/support/stored-people.ts';
import { pullUpdates } from './pull-updates.ts';
import { removeMember } from './remove-member.ts';

describePostgres('what came after a seq', (postgres) => {
  const start = async (texts: number) => {
    const [ana, ben] = (await storeUsers(postgres.database(), 'Ana', 'Ben')) as [UserId, UserId];
    const conversation = await storeGroup(postgres.database(), ana, [ben]);
    const replica = await storeReplica(postgres.database(), ana);
    if (texts > 0)
      await commitTexts(
        postgres.database(),
        { conversation, user: ana, replica },
        0,
        Array.from({ length: texts }, (_, i) => `message ${i}`),
      );
    const pull = (after: number, bytes = 100_000, user: UserId | null = ben) =>
      pullUpdates(postgres.database(), { conversation, after, user, bytes });
    return { ana, ben, conversation, replica, pull };
  };

  it('[C2] comes in order of seq, from the cursor to the head', async () => {
    const { pull } = await start(5);
    const all = await pull(0);
    expect(all).toMatchObject({ head: 5, through: 5, resyncSegments: [] });
    expect(all?.rows.map((row) => [row.seq, row.clockFrom])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
    ]);
    expect((await pull(3))?.rows.map((row) => row.seq)).toEqual([4, 5]);
    expect(await pull(5)).toMatchObject({ head: 5, through: 5, rows: [] });
    expect(await pull(9)).toMatchObject({ head: 5, through: 9, rows: [] });
  });

  it('is cut at the bytes asked for, and goes on from there; one row always comes', async () => {
    const { pull } = await start(10);
    const seen: number[] = [];
    for (let after = 0; after < 10;) {
      const part = await pull(after, 300);
      expect(part?.rows.length).toBeGreaterThan(0);
      expect(part?.rows.length).toBeLessThan(10);
      seen.push(...(part?.rows.map((row) => row.seq) ?? []));
      after = part?.through ?? 10;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect((await pull(0, 1))?.rows.map((row) => row.seq)).toEqual([1]);
  });

  it('is cut at so many rows too', async () => {
    const { pull } = await start(2_100);
    const part = await pull(0, 100_000_000);
    expect([part?.rows.length, part?.through, part?.head]).toEqual([2_000, 2_000, 2_100]);
  });

  it('[R12] is for present members only', async () => {
    const { ana, ben, conversation, pull } = await start(1);
    const [cleo] = (await storeUsers(postgres.database(), 'Cleo')) as [UserId];
    expect(await pull(0, 1_000, cleo)).toBeNull();
    await postgres.database().transaction((transaction) => removeMember(transaction, conversation, ana, ben));
    expect(await pull(0)).toBeNull();
    expect((await pull(0, 1_000, null))?.rows).toHaveLength(1);
  });

  it('[C3] names the segments whose snapshots hold what is not in the log any more', async () => {
    const { conversation, pull } = await start(6);
    await postgres
      .database()
      .query(
        `INSERT INTO snapshots (conversation_id, segment, through_seq, event_count, body) VALUES ($1, $2, 4, 4, '')`,
        [conversation, november],
      );
    await postgres.database().query(`DELETE FROM updates WHERE conversation_id = $1 AND seq <= 4`, [conversation]);
    const missed = await pull(2);
    expect(missed).toMatchObject({ through: 6, head: 6, resyncSegments: [november] });
    expect(missed?.rows.map((row) => row.seq)).toEqual([5, 6]);
    expect(await pull(4)).toMatchObject({ resyncSegments: [] });
    await postgres.database().query(`DELETE FROM updates WHERE conversation_id = $1`, [conversation]);
    await postgres.database().query(`UPDATE snapshots SET through_seq = 6 WHERE conversation_id = $1`, [conversation]);
    expect(await pull(2)).toMatchObject({ through: 6, head: 6, rows: [], resyncSegments: [november] });
  });

  it('a conversation with nothing in it has nothing to give', async () => {
    const { pull } = await start(0);
    expect(await pull(0)).toMatchObject({ head: 0, through: 0, rows: [], resyncSegments: [] });
  });
});
