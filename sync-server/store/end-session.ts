import type { DeviceId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** Ends a session. Gives the device that was signed in with it; undefined when there was none. */
export async function endSession(database: Queryable, session: string): Promise<DeviceId | undefined> {
  const [row] = await database.query<{ id: DeviceId }>(
    `WITH ended AS (DELETE FROM sessions WHERE sid = $1)
     UPDATE devices SET session_id = NULL, last_seen_at = now() WHERE session_id = $1 RETURNING id`,
    [session],
  );
  return row?.id;
}
