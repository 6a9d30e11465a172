import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DeviceId, UserId } from '#schema/ids.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { storeDevice, storeGroup, storeSession, storeUser, storeUsers } from '#tests/support/stored-people.ts';
import { attachSession } from './attach-session.ts';
import { claimDevice } from './claim-device.ts';
import { createUser } from './create-user.ts';
import { endSession } from './end-session.ts';
import { extendSession } from './extend-session.ts';
import { findAccount } from './find-account.ts';
import { findCredentials } from './find-credentials.ts';
import { listCompanions } from './list-companions.ts';
import { listDevices } from './list-devices.ts';
import { revokeDevice } from './revoke-device.ts';
import { updateProfile } from './update-profile.ts';

const newUser = (email: string) => ({ id: randomUUID() as UserId, name: 'Ana', email, passwordHash: 'hash' });

describePostgres('accounts in the store', (postgres) => {
  const sessionsOf = (user: UserId) =>
    postgres
      .database()
      .query<{ sid: string }>(`SELECT sid FROM sessions WHERE sess->'principal'->>'user' = $1`, [user]);

  it('an email has one account, whatever its case', async () => {
    const email = `Ana.${randomUUID()}@Example.org`;
    const ana = newUser(email);
    expect(await createUser(postgres.database(), ana)).toBe(true);
    expect(await createUser(postgres.database(), newUser(email.toLowerCase()))).toBe(false);
    expect(await findCredentials(postgres.database(), email.toUpperCase())).toEqual({
      user: ana.id,
      passwordHash: 'hash',
    });
    expect(await findAccount(postgres.database(), ana.id)).toEqual({ id: ana.id, name: 'Ana', about: '', email });
  });

  it('of many sign-ups with one email at once exactly one wins', async () => {
    const email = `${randomUUID()}@example.org`;
    const results = await Promise.all(Array.from({ length: 8 }, () => createUser(postgres.database(), newUser(email))));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('an unknown email has no credentials, nor has a placeholder', async () => {
    await postgres
      .database()
      .query(`INSERT INTO users (id, name, placeholder) VALUES ($1, 'Imported', true)`, [randomUUID()]);
    expect(await findCredentials(postgres.database(), 'nobody@example.org')).toBeUndefined();
    expect(await findCredentials(postgres.database(), '')).toBeUndefined();
  });

  it('[C4] a changed profile keeps what was not given, and carries a newer transaction id', async () => {
    const ana = await storeUser(postgres.database(), 'Ana');
    const xid = async () =>
      (await postgres.database().query<{ xid: string }>(`SELECT xid::text FROM users WHERE id = $1`, [ana]))[0]?.xid;
    const before = await xid();
    expect(await updateProfile(postgres.database(), ana, { about: 'At sea' })).toMatchObject({
      name: 'Ana',
      about: 'At sea',
    });
    expect(await updateProfile(postgres.database(), ana, { name: 'Ana L.' })).toMatchObject({
      name: 'Ana L.',
      about: 'At sea',
    });
    expect(BigInt((await xid()) ?? 0)).toBeGreaterThan(BigInt(before ?? 0));
  });

  it('companions are those who share a conversation now', async () => {
    const [ana, ben, cem, dora] = (await storeUsers(postgres.database(), 'Ana', 'Ben', 'Cem', 'Dora')) as [
      UserId,
      UserId,
      UserId,
      UserId,
    ];
    const group = await storeGroup(postgres.database(), ana, [ben, cem]);
    await storeGroup(postgres.database(), dora, []);
    await postgres
      .database()
      .query(`UPDATE memberships SET left_at = now() WHERE conversation_id = $1 AND user_id = $2`, [group, cem]);
    expect((await listCompanions(postgres.database(), ana)).sort()).toEqual([ana, ben].sort());
    expect(await listCompanions(postgres.database(), dora)).toEqual([dora]);
  });

  it('a device belongs to the first user who signs in on it', async () => {
    const [ana, ben] = (await storeUsers(postgres.database(), 'Ana', 'Ben')) as [UserId, UserId];
    const id = randomUUID() as DeviceId;
    await claimDevice(postgres.database(), ana, { id, name: 'Firefox' });
    await claimDevice(postgres.database(), ana, { id, name: 'Firefox on Linux' });
    await expect(claimDevice(postgres.database(), ben, { id, name: 'Firefox' })).rejects.toMatchObject({
      code: 'already-different',
    });
    const session = await storeSession(postgres.database(), ana, id);
    await attachSession(postgres.database(), id, session);
    expect(await listDevices(postgres.database(), ana)).toMatchObject([{ id, name: 'Firefox on Linux' }]);
  });

  it('a device has one session: the one before ends', async () => {
    const ana = await storeUser(postgres.database(), 'Ana');
    const { device, session } = await storeDevice(postgres.database(), ana);
    expect(await attachSession(postgres.database(), device, session)).toBeUndefined();
    expect(await attachSession(postgres.database(), device, session)).toBeUndefined();
    const next = await storeSession(postgres.database(), ana, device);
    expect(await attachSession(postgres.database(), device, next)).toBe(session);
    expect(await sessionsOf(ana)).toEqual([{ sid: next }]);
  });

  it('[R12] a revoked device has no session any more, and only its owner revokes it', async () => {
    const [ana, ben] = (await storeUsers(postgres.database(), 'Ana', 'Ben')) as [UserId, UserId];
    const { device, session } = await storeDevice(postgres.database(), ana);
    await attachSession(postgres.database(), device, session);
    expect(await revokeDevice(postgres.database(), ben, device)).toBe(false);
    expect(await sessionsOf(ana)).toHaveLength(1);
    expect(await revokeDevice(postgres.database(), ana, device)).toBe(true);
    expect(await sessionsOf(ana)).toHaveLength(0);
    expect(await listDevices(postgres.database(), ana)).toEqual([]);
    expect(await revokeDevice(postgres.database(), ana, device)).toBe(true);
  });

  it('[R12] a session that ended is not brought back by being extended', async () => {
    const ana = await storeUser(postgres.database(), 'Ana');
    const { device, session } = await storeDevice(postgres.database(), ana);
    await attachSession(postgres.database(), device, session);
    expect(await endSession(postgres.database(), session)).toBe(device);
    expect(await endSession(postgres.database(), session)).toBeUndefined();
    const later = Date.now() + 9 * 3_600_000;
    expect(await extendSession(postgres.database(), session, later, later)).toBe(false);
    expect(await sessionsOf(ana)).toHaveLength(0);
  });

  it('a session is extended only when it is due, and its cookie’s end moves with it', async () => {
    const ana = await storeUser(postgres.database(), 'Ana');
    const session = await storeSession(postgres.database(), ana, null);
    const hour = 3_600_000;
    const until = Date.now() + 10 * hour;
    expect(await extendSession(postgres.database(), session, until, Date.now() + hour / 2)).toBe(false);
    expect(await extendSession(postgres.database(), session, until, Date.now() + 2 * hour)).toBe(true);
    expect(await extendSession(postgres.database(), session, until, Date.now() + 2 * hour)).toBe(false);
    const [row] = await postgres
      .database()
      .query<{ sess: { cookie: { expires: string }; principal: { user: string } } }>(
        `SELECT sess FROM sessions WHERE sid = $1`,
        [session],
      );
    expect(row?.sess).toMatchObject({ cookie: { expires: new Date(until).toISOString() }, principal: { user: ana } });
  });
});
