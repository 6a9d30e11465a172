import type { DeviceId, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/**
 * Ends the session of a user's device (R12): once this is committed no request of it is answered any more.
 * @returns false if the user has no such device; true also when it was signed out before
 */
export async function revokeDevice(database: Queryable, user: UserId, device: DeviceId): Promise<boolean> {
  const rows = await database.query(
    `WITH before AS (SELECT id, session_id FROM devices WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE),
          revoked AS (
            UPDATE devices d SET session_id = NULL, revoked_at = coalesce(d.revoked_at, now()) FROM before WHERE d.id = before.id
          ),
          ended AS (DELETE FROM sessions s USING before WHERE s.sid = before.session_id)
     SELECT id FROM before`,
    [device, user],
  );
  return rows.length === 1;
}
