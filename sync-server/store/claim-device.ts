import { Refusal } from '#schema/errors.ts';
import type { DeviceIntroduction } from '#schema/http/accounts.ts';
import type { UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';

/**
 * Takes note of a device and its name. A device belongs to the first user who signs in on it, for ever, since its replicas do: a browser
 * profile in which somebody else signs in presents a new id.
 * @throws Refusal `already-different` if the id is another user's
 */
export async function claimDevice(database: Queryable, user: UserId, device: DeviceIntroduction): Promise<void> {
  const rows = await database.query(
    `INSERT INTO devices AS d (id, user_id, name) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE d.user_id = excluded.user_id RETURNING id`,
    [device.id, user, device.name],
  );
  if (rows.length === 0)
    throw new Refusal('already-different', 'This device’s id belongs to another account. Sign in with a new one.');
}
