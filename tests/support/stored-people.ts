import { randomUUID } from 'node:crypto';
import type { ConversationId, DeviceId, UserId } from '#schema/ids.ts';
import { claimDevice } from '#server/store/claim-device.ts';
import { createConversation } from '#server/store/create-conversation.ts';
import { createUser } from '#server/store/create-user.ts';
import type { Database, Queryable } from '#server/store/database.ts';

/** A person in a real database; nobody signs in with this password. */
export async function storeUser(
  database: Queryable,
  name: string,
  email = `${randomUUID()}@example.org`,
): Promise<UserId> {
  const id = randomUUID() as UserId;
  if (!(await createUser(database, { id, name, email, passwordHash: '-' }))) throw new Error(`${email} is taken`);
  return id;
}

/** People by name, in the order of the names. */
export function storeUsers(database: Queryable, ...names: string[]): Promise<UserId[]> {
  return Promise.all(names.map((name) => storeUser(database, name)));
}

/** A device of a user, with a session of its own: the device's and the session's id. */
export async function storeDevice(database: Queryable, user: UserId): Promise<{ device: DeviceId; session: string }> {
  const device = randomUUID() as DeviceId;
  await claimDevice(database, user, { id: device, name: 'A browser' });
  const session = await storeSession(database, user, device);
  return { device, session };
}

/** A session's row, as express-session writes it. */
export async function storeSession(database: Queryable, user: UserId, device: DeviceId | null): Promise<string> {
  const session = randomUUID();
  const sess = { cookie: { expires: new Date(Date.now() + 3_600_000).toISOString() }, principal: { user, device } };
  await database.query(`INSERT INTO sessions (sid, sess, expire) VALUES ($1, $2, now() + interval '1 hour')`, [
    session,
    JSON.stringify(sess),
  ]);
  return session;
}

/** A group of an owner and others. */
export async function storeGroup(
  database: Database,
  owner: UserId,
  others: readonly UserId[],
): Promise<ConversationId> {
  const id = randomUUID() as ConversationId;
  await database.transaction((transaction) =>
    createConversation(transaction, { id, kind: 'group', title: 'A group', createdBy: owner, others }),
  );
  return id;
}
