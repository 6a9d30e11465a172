import { expect, it } from 'vitest';
import type { ReplicaId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { storeReplica } from '#tests/support/stored-log.ts';
import { storeDevice, storeUsers } from '#tests/support/stored-people.ts';
import { grantOnFirstUse, grantReplicas } from './grant-replicas.ts';

describePostgres('granting replicas', (postgres) => {
  const start = async () => {
    const [ana, ben] = (await storeUsers(postgres.database(), 'Ana', 'Ben')) as [UserId, UserId];
    const { device } = await storeDevice(postgres.database(), ana);
    const grant = (count: number, retired: ReplicaId[] = [], user = ana) =>
      grantReplicas(postgres.database(), { user, device, count, retired });
    return { ana, ben, device, grant };
  };

  it('[P1] each is granted once, also when many devices ask at once', async () => {
    const devices = await Promise.all(Array.from({ length: 6 }, start));
    const granted = (await Promise.all(devices.map(({ grant }) => grant(4)))).flat();
    expect(granted).toHaveLength(24);
    expect(new Set(granted).size).toBe(24);
  });

  it('[P1] a device holds so many at most; a retired one makes room', async () => {
    const { grant } = await start();
    const first = await grant(60);
    expect(await grant(10)).toHaveLength(LIMITS.replicasPerDevice - 60);
    expect(await grant(1)).toEqual([]);
    expect(await grant(2, first.slice(0, 1))).toHaveLength(1);
  });

  it('[P1] retiring without end ends at the day’s number', async () => {
    const { grant } = await start();
    let held: ReplicaId[] = [];
    let granted = 0;
    for (let turn = 0; turn < 10; turn++) {
      held = await grant(64, held);
      granted += held.length;
    }
    expect(granted).toBe(LIMITS.replicasPerDeviceDay);
  });

  it('[P1] asking many times at once does not get more', async () => {
    const { grant } = await start();
    const granted = (await Promise.all(Array.from({ length: 8 }, () => grant(20)))).flat();
    expect(granted).toHaveLength(LIMITS.replicasPerDevice);
  });

  it('somebody else’s device gets none, and retires none', async () => {
    const { ben, grant } = await start();
    const [own] = await grant(1);
    expect(await grant(1, [], ben)).toEqual([]);
    const other = await start();
    await other.grant(1, [own as ReplicaId]);
    const [row] = await postgres.database().query(`SELECT retired_at FROM replicas WHERE replica = $1`, [own]);
    expect(row).toEqual({ retired_at: null });
  });

  it('[P4] a number nobody holds goes to who brings it, and is never granted again', async () => {
    const { ana, ben, grant } = await start();
    const [last] = await grant(1);
    const next = (last ?? 0) + 1;
    expect(await grantOnFirstUse(postgres.database(), ben, next)).toBe('held');
    expect(await grantOnFirstUse(postgres.database(), ben, next)).toBe('held');
    expect(await grantOnFirstUse(postgres.database(), ana, next)).toBe('taken');
    expect(await grant(2)).not.toContain(next);
    const block = await storeReplica(postgres.database(), ana);
    expect(await grantOnFirstUse(postgres.database(), ben, block)).toBe('taken');
  });

  it('[P4] of two users who bring the same number at once one gets it', async () => {
    const { ana, ben } = await start();
    const results = await Promise.all(
      [ana, ben].map((user) => grantOnFirstUse(postgres.database(), user, 3_999_999_999)),
    );
    expect(results.sort()).toEqual(['held', 'taken']);
  });

  it('[P4] a user brings so many a day at most', async () => {
    const { ana } = await start();
    await postgres
      .database()
      .query(
        `INSERT INTO replicas (replica, user_id, granted_by) SELECT 3000000000 + (random() * 900000000)::bigint, $1, 'first-use' FROM generate_series(1, $2::int)`,
        [ana, LIMITS.firstUseReplicasPerDay - 1],
      );
    expect(await grantOnFirstUse(postgres.database(), ana, 3_999_999_998)).toBe('held');
    expect(await grantOnFirstUse(postgres.database(), ana, 3_999_999_997)).toBe('too-many');
    await postgres
      .database()
      .query(`UPDATE replicas SET granted_at = now() - interval '25 hours' WHERE user_id = $1`, [ana]);
    expect(await grantOnFirstUse(postgres.database(), ana, 3_999_999_997)).toBe('held');
  });
});
