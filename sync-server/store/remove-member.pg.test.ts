import { expect, it } from 'vitest';
import type { UserId } from '#schema/ids.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { chainOf, storeReplica } from '#tests/support/stored-log.ts';
import { storeGroup, storeUsers } from '#tests/support/stored-people.ts';
import { addMembers } from './add-members.ts';
import { commitUpdates } from './commit-updates.ts';
import { removeMember } from './remove-member.ts';

describePostgres('removing a member while they write', (postgres) => {
  it('[R8] nothing of theirs is committed after their removal, in whatever order both arrive', async () => {
    const database = postgres.database();
    const [ana, ben] = (await storeUsers(database, 'Ana', 'Ben')) as [UserId, UserId];
    const conversation = await storeGroup(database, ana, [ben]);
    const replica = await storeReplica(database, ben);
    const author = { conversation, user: ben, replica };
    let storedInAll = 0;
    let clock = 0;

    for (let round = 0; round < 25; round++) {
      const removal = database.transaction(async (transaction) => {
        // The writer gets another start in each round, so that the race is run from both ends.
        for (let i = 0; i < round % 5; i++) await transaction.query('SELECT 1');
        await removeMember(transaction, conversation, ana, ben);
        const [row] = await transaction.query<{ head_seq: number }>(
          `SELECT head_seq FROM conversations WHERE id = $1`,
          [conversation],
        );
        return row?.head_seq ?? 0;
      });
      const acknowledged: number[] = [];
      const writing = (async () => {
        // One chain after the other, as the relay's queue does; on until refused.
        for (let n = 0; n < 200; n++) {
          const [outcome] = await commitUpdates(database, [chainOf(author, clock, [`message ${clock}`])]);
          if (outcome?.outcome !== 'stored') return outcome?.outcome;
          clock++;
          acknowledged.push(outcome.firstSeq);
        }
        return 'never refused';
      })();
      const atRemoval = await removal;
      expect(await writing).toBe('not-a-member');
      expect(Math.max(0, ...acknowledged)).toBeLessThanOrEqual(atRemoval);
      const [stored] = await database.query<{ last: number; rows: number }>(
        `SELECT coalesce(max(seq), 0) AS last, count(*) AS rows FROM updates WHERE conversation_id = $1`,
        [conversation],
      );
      expect(stored).toEqual({ last: atRemoval, rows: clock });
      storedInAll += acknowledged.length;
      await database.transaction((transaction) => addMembers(transaction, conversation, ana, [ben]));
    }
    expect(storedInAll).toBeGreaterThan(0);
  });
});
