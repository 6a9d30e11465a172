import type { DeviceId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/**
 * Makes a stored session the device's only one: the session it had before ends.
 * @returns the session that was ended; undefined when there was none
 */
export async function attachSession(
  database: Queryable,
  device: DeviceId,
  session: string,
): Promise<string | undefined> {
  const [row] = await database.query<{ sid: string }>(
    `WITH before AS (SELECT id, session_id FROM devices WHERE id = $1 FOR NO KEY UPDATE),
          attached AS (
            UPDATE devices d SET session_id = $2, revoked_at = NULL, last_seen_at = now() FROM before WHERE d.id = before.id
          )
     DELETE FROM sessions s USING before WHERE s.sid = before.session_id AND s.sid <> $2 RETURNING s.sid`,
    [device, session],
  );
  return row?.sid;
}
