import { compare } from 'bcrypt';
import { expect, test } from 'vitest';
import { describePostgres } from '#tests/support/postgres.ts';
import { SEED_PASSWORD, SEED_PEOPLE } from './people.ts';
import { seed } from './seed.ts';
import { SEED_CONVERSATIONS } from './talk.ts';

describePostgres('seed', (postgres) => {
  const count = async (what: string): Promise<number> =>
    (await postgres.database().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${what}`))[0]?.n ?? 0;

  test('every seeded person can sign in and finds talk with something unread', async () => {
    await seed(postgres.database(), Date.UTC(2026, 10, 3, 12));
    const people = await postgres.database().query<{ password_hash: string }>('SELECT password_hash FROM users');
    expect(people).toHaveLength(Object.keys(SEED_PEOPLE).length);
    expect(await compare(SEED_PASSWORD, people[0]?.password_hash ?? '')).toBe(true);
    const read = await postgres
      .database()
      .query(
        'SELECT DISTINCT c.head_seq - m.read_seq AS unread FROM memberships m JOIN conversations c ON c.id = m.conversation_id',
      );
    expect(read).toEqual([{ unread: 2 }]);
    expect(await count('conversations')).toBe(SEED_CONVERSATIONS.length);
    expect(await count(`memberships WHERE left_at IS NULL`)).toBe(
      SEED_CONVERSATIONS.reduce((sum, { people: own }) => sum + own.length, 0),
    );
    expect(await count('updates')).toBeGreaterThan(40);
  });

  test('again it changes nothing', async () => {
    const before = [await count('users'), await count('updates'), await count('memberships'), await count('replicas')];
    await seed(postgres.database(), Date.UTC(2027, 0, 1));
    expect([await count('users'), await count('updates'), await count('memberships'), await count('replicas')]).toEqual(
      before,
    );
  });
});
