/** Puts people, conversations and signed-in devices straight into a database: signing up in earnest costs 0.3 s a head, on purpose. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { ConversationId, DeviceId, UserId } from '#schema/ids.ts';

/** A signed-in member. */
export interface CrowdMember {
  readonly user: UserId;
  readonly device: DeviceId;
  /** The Cookie header of its session. */
  readonly cookie: string;
}

/** The cookie of a session as express-session signs it. */
export function sessionCookie(session: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(session).digest('base64').replace(/=+$/, '');
  return `chatsync=${encodeURIComponent(`s:${session}.${signature}`)}`;
}

/** Makes `count` users, each with a device and a session. */
export async function makeMembers(pool: pg.Pool, count: number, secret: string): Promise<CrowdMember[]> {
  const members = Array.from({ length: count }, () => {
    const session = randomBytes(24).toString('base64url');
    return {
      user: randomUUID() as UserId,
      device: randomUUID() as DeviceId,
      session,
      cookie: sessionCookie(session, secret),
    };
  });
  const expire = new Date(Date.now() + 86_400_000);
  const users = members.map(({ user }) => user);
  const devices = members.map(({ device }) => device);
  const sessions = members.map(({ session }) => session);
  await pool.query(
    `INSERT INTO users (id, name, email, password_hash)
     SELECT id, 'Member ' || n, 'member-' || id || '@example.org', 'none' FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)`,
    [users],
  );
  await pool.query(
    `INSERT INTO devices (id, user_id, name, session_id) SELECT d, u, 'Bench', s FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t (d, u, s)`,
    [devices, users, sessions],
  );
  await pool.query(
    `INSERT INTO sessions (sid, sess, expire) SELECT s, j::json, $3 FROM unnest($1::text[], $2::text[]) AS t (s, j)`,
    [
      sessions,
      members.map(({ user, device }) =>
        JSON.stringify({
          cookie: { originalMaxAge: 86_400_000, expires: expire, httpOnly: true, path: '/' },
          principal: { user, device },
        }),
      ),
      expire,
    ],
  );
  return members.map(({ user, device, cookie }) => ({ user, device, cookie }));
}

/** Makes a group of these users. */
export async function makeGroup(pool: pg.Pool, users: readonly UserId[]): Promise<ConversationId> {
  const id = randomUUID() as ConversationId;
  await pool.query(`INSERT INTO conversations (id, kind, title, created_by) VALUES ($1, 'group', 'Bench', $2)`, [
    id,
    users[0],
  ]);
  await pool.query(
    `INSERT INTO memberships (conversation_id, user_id, role)
     SELECT $1, u, CASE WHEN n = 1 THEN 'owner' ELSE 'member' END FROM unnest($2::uuid[]) WITH ORDINALITY AS t (u, n)`,
    [id, users],
  );
  return id;
}
