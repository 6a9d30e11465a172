import type { DeviceId, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/** A device that is signed in. Times in ms since 1970. */
export interface SignedInDevice {
  readonly id: DeviceId;
  readonly name: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

/** The devices of a user that are signed in now, the last seen first. */
export async function listDevices(database: Queryable, user: UserId): Promise<SignedInDevice[]> {
  return database.query<SignedInDevice & { [column: string]: unknown }>(
    `SELECT d.id, d.name,
            floor(extract(epoch FROM d.created_at) * 1000)::float8 AS "createdAt",
            floor(extract(epoch FROM d.last_seen_at) * 1000)::float8 AS "lastSeenAt"
     FROM devices d JOIN sessions s ON s.sid = d.session_id AND s.expire > now()
     WHERE d.user_id = $1
     ORDER BY d.last_seen_at DESC, d.id`,
    [user],
  );
}
