import type { DeviceId, ReplicaId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Database, Queryable } from './database.ts';

/** What a device asks for: replicas for its tabs, having given up others for good. */
export interface ReplicaRequest {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly count: number;
  /** Nothing is ever taken from these again. Those that are not the device's are ignored. */
  readonly retired: readonly ReplicaId[];
}

/**
 * Grants replicas to a device (P1). Gives fewer than asked for, or none, when the device has as many as it may, or was granted too many
 * within a day.
 */
export async function grantReplicas(database: Database, request: ReplicaRequest): Promise<ReplicaId[]> {
  return database.transaction(async (transaction) => {
    // The device's row is held, so that two requests at once do not both count before either grants.
    const device = await transaction.query(`SELECT FROM devices WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE`, [
      request.device,
      request.user,
    ]);
    if (device.length === 0) return [];
    if (request.retired.length > 0) {
      await transaction.query(
        `UPDATE replicas SET retired_at = coalesce(retired_at, now()) WHERE replica = ANY ($2::bigint[]) AND device_id = $1`,
        [request.device, request.retired],
      );
    }
    const granted: ReplicaId[] = [];
    let missing = Math.min(request.count, await room(transaction, request.device));
    // A number a stock client took on first use is skipped: the next turn draws again.
    for (let turn = 0; missing > 0 && turn < 10; turn++) {
      const rows = await transaction.query<{ replica: ReplicaId }>(
        `INSERT INTO replicas (replica, user_id, device_id, granted_by)
         SELECT nextval('replica_ids'), $1, $2, 'block' FROM generate_series(1, $3::int)
         ON CONFLICT (replica) DO NOTHING RETURNING replica`,
        [request.user, request.device, missing],
      );
      granted.push(...rows.map((row) => row.replica));
      missing -= rows.length;
    }
    return granted;
  });
}

/** How many more replicas a device may have now. */
async function room(transaction: Queryable, device: DeviceId): Promise<number> {
  const [count] = await transaction.query<{ held: number; today: number }>(
    `SELECT count(*) FILTER (WHERE retired_at IS NULL) AS held, count(*) FILTER (WHERE granted_at > now() - interval '1 day') AS today
     FROM replicas WHERE device_id = $1`,
    [device],
  );
  const held = LIMITS.replicasPerDevice - (count?.held ?? 0);
  return Math.max(0, Math.min(held, LIMITS.replicasPerDeviceDay - (count?.today ?? 0)));
}

/**
 * Grants a clientID a stock client brought along to its user, if nobody holds it (P4).
 * @returns `held`: it is this user's, now or already; `taken`: somebody else's; `too-many`: the user brought enough today
 */
export async function grantOnFirstUse(
  database: Database,
  user: UserId,
  replica: number,
): Promise<'held' | 'taken' | 'too-many'> {
  return database.transaction(async (transaction) => {
    await transaction.query(`SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE`, [user]);
    const [holder] = await transaction.query<{ user_id: UserId; retired: boolean }>(
      `SELECT user_id, retired_at IS NOT NULL AS retired FROM replicas WHERE replica = $1`,
      [replica],
    );
    if (holder) return holder.user_id === user && !holder.retired ? 'held' : 'taken';
    const [today] = await transaction.query<{ count: number }>(
      `SELECT count(*) AS count FROM replicas WHERE user_id = $1 AND granted_by = 'first-use' AND granted_at > now() - interval '1 day'`,
      [user],
    );
    if ((today?.count ?? 0) >= LIMITS.firstUseReplicasPerDay) return 'too-many';
    const granted = await transaction.query(
      `INSERT INTO replicas (replica, user_id, granted_by) VALUES ($1, $2, 'first-use') ON CONFLICT (replica) DO NOTHING RETURNING replica`,
      [replica, user],
    );
    return granted.length === 1 ? 'held' : 'taken';
  });
}
