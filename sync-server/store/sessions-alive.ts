import type { DeviceId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** Which of these sessions are not valid any more. */
export async function endedSessions(database: Queryable, sessions: readonly string[]): Promise<string[]> {
  const rows = await database.query<{ sid: string }>(
    `SELECT w.sid FROM unnest($1::text[]) AS w (sid)
     WHERE NOT EXISTS (SELECT FROM sessions s WHERE s.sid = w.sid AND s.expire > now())`,
    [sessions],
    'ended-sessions',
  );
  return rows.map((row) => row.sid);
}

/** Notes that devices are here now, for the list a person sees. */
export async function touchDevices(database: Queryable, devices: readonly DeviceId[]): Promise<void> {
  await database.query(
    `UPDATE devices SET last_seen_at = now() WHERE id = ANY ($1::uuid[])`,
    [devices],
    'touch-devices',
  );
}
