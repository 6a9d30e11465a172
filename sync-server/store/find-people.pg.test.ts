import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { UserId } from '#schema/ids.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { storeGroup, storeUser } from '#tests/support/stored-people.ts';
import { findPeople, peopleFound } from './find-people.ts';

describePostgres('finding people', (postgres) => {
  let asker: UserId;
  const names = async (query: string) =>
    (await findPeople(postgres.database(), asker, query)).map((person) => person.name);

  beforeAll(async () => {
    asker = await storeUser(postgres.database(), 'Zoe Asker', 'zoe@example.org');
    for (const name of [
      'María José Núñez',
      'Jose Martin',
      'Łukasz Øster',
      'Anne-Marie O’Neil',
      'Дмитрий Чехов',
      '李 小龍',
      'Joseph',
    ])
      await storeUser(postgres.database(), name);
    await storeUser(postgres.database(), 'Exact', 'Some.One@Example.org');
  });

  it.each([
    ['jose', ['Jose Martin', 'Joseph', 'María José Núñez']],
    ['JOSÉ m', ['Jose Martin', 'María José Núñez']],
    ['mar jos', ['Jose Martin', 'María José Núñez']],
    ['nun', ['María José Núñez']],
    ['lukasz', ['Łukasz Øster']],
    ['ost', ['Łukasz Øster']],
    ['marie', ['Anne-Marie O’Neil']],
    ['чехов', ['Дмитрий Чехов']],
    ['ДМИТРИЙ', ['Дмитрий Чехов']],
    ['小', ['李 小龍']],
    ['ose', []],
    ['jose martinez', []],
  ])('"%s" finds %j', async (query, expected) => {
    expect((await names(query)).sort()).toEqual(expected);
  });

  it('an email finds its person only when it is exactly theirs, and no email is in the answer', async () => {
    expect(await names(' some.one@example.ORG ')).toEqual(['Exact']);
    expect(await names('some.one@example.or')).toEqual([]);
    expect(await names('some.one')).toEqual([]);
    expect(JSON.stringify(await findPeople(postgres.database(), asker, 'exact'))).not.toContain('@');
  });

  it('neither the asker nor a placeholder is found', async () => {
    await postgres
      .database()
      .query(`INSERT INTO users (id, name, placeholder) VALUES ($1, 'Imported Person', true)`, [randomUUID()]);
    expect(await names('zoe')).toEqual([]);
    expect(await names('zoe@example.org')).toEqual([]);
    expect(await names('imported')).toEqual([]);
  });

  it.each(["'", '\\', '":*', "x' | 'y", 'a & !b', '%', '_', '()', ':*', '\u0300', '😀', '-'])(
    '%j is no syntax, only text',
    async (query) => {
      await expect(names(query)).resolves.toBeInstanceOf(Array);
    },
  );

  it('those who share a conversation come first, and no more than a list’s worth', async () => {
    const crowd = await Promise.all(
      Array.from({ length: peopleFound + 5 }, (_, i) =>
        storeUser(postgres.database(), `Crowd ${String(i).padStart(2, '0')}`),
      ),
    );
    const last = crowd.at(-1);
    if (last) await storeGroup(postgres.database(), asker, [last]);
    const found = await findPeople(postgres.database(), asker, 'crowd');
    expect(found).toHaveLength(peopleFound);
    expect(found[0]?.id).toBe(last);
    expect(found[1]?.name).toBe('Crowd 00');
  });

  it('is answered from the index', async () => {
    const database = postgres.database();
    await database.query(
      `INSERT INTO users (id, name, email, password_hash) SELECT gen_random_uuid(), 'Filler ' || n, 'filler' || n || '@example.org', '-' FROM generate_series(1, 5000) n`,
    );
    await database.query('ANALYZE users');
    const plan = await database.query(
      `EXPLAIN SELECT id FROM users WHERE NOT placeholder AND array_to_tsvector(folded_words(name)) @@ $1::tsquery`,
      [`'nun':*`],
    );
    expect(JSON.stringify(plan)).toContain('users_words');
  });
});
