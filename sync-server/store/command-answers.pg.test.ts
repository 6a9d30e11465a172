import { createHash, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { describePostgres } from '#tests/support/postgres.ts';
import { storeUser } from '#tests/support/stored-people.ts';
import { claimKey, forgetAnswers, keepAnswer } from './command-answers.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest();

describePostgres('answers of commands', (postgres) => {
  it('a key is claimed once; then it gives its answer, and stands for nothing else', async () => {
    const user = await storeUser(postgres.database(), 'Ana');
    const key = randomUUID();
    const first = await postgres.database().transaction(async (transaction) => {
      const claim = await claimKey(transaction, user, key, hashOf('one'));
      await keepAnswer(transaction, user, key, { status: 201, body: { made: true } });
      return claim;
    });
    expect(first).toEqual({ kind: 'new' });
    expect(await claimKey(postgres.database(), user, key, hashOf('one'))).toEqual({
      kind: 'answered',
      answer: { status: 201, body: { made: true } },
    });
    expect(await claimKey(postgres.database(), user, key, hashOf('other'))).toEqual({ kind: 'other-command' });
    const other = await storeUser(postgres.database(), 'Ben');
    expect(await claimKey(postgres.database(), other, key, hashOf('other'))).toEqual({ kind: 'new' });
  });

  it('an answer without a body comes back without one', async () => {
    const user = await storeUser(postgres.database(), 'Ana');
    const key = randomUUID();
    await postgres.database().transaction(async (transaction) => {
      await claimKey(transaction, user, key, hashOf('x'));
      await keepAnswer(transaction, user, key, { status: 204, body: null });
    });
    expect(await claimKey(postgres.database(), user, key, hashOf('x'))).toEqual({
      kind: 'answered',
      answer: { status: 204, body: null },
    });
  });

  it('[R6] of many at once one executes; the others wait and get its answer', async () => {
    const user = await storeUser(postgres.database(), 'Ana');
    const key = randomUUID();
    let executed = 0;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        postgres.database().transaction(async (transaction) => {
          const claim = await claimKey(transaction, user, key, hashOf('same'));
          if (claim.kind !== 'new') return claim;
          executed++;
          await keepAnswer(transaction, user, key, { status: 200, body: { executed } });
          return { kind: 'answered', answer: { status: 200, body: { executed } } };
        }),
      ),
    );
    expect(executed).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('a command that failed leaves its key free for the one that waited', async () => {
    const user = await storeUser(postgres.database(), 'Ana');
    const key = randomUUID();
    const claims: string[] = [];
    const attempt = (fail: boolean) =>
      postgres.database().transaction(async (transaction) => {
        claims.push((await claimKey(transaction, user, key, hashOf('same'))).kind);
        if (fail) throw new Error('refused');
      });
    const results = await Promise.allSettled([attempt(true), attempt(true), attempt(true)]);
    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    await attempt(false);
    expect(claims).toEqual(['new', 'new', 'new', 'new']);
  });

  it('old answers are forgotten, young ones kept', async () => {
    const user = await storeUser(postgres.database(), 'Ana');
    const [old, young] = [randomUUID(), randomUUID()];
    await claimKey(postgres.database(), user, old, hashOf('x'));
    await claimKey(postgres.database(), user, young, hashOf('x'));
    await postgres
      .database()
      .query(`UPDATE idempotency_keys SET at = now() - interval '61 days' WHERE key = $1`, [old]);
    expect(await forgetAnswers(postgres.database(), 60)).toBe(1);
    expect(await claimKey(postgres.database(), user, old, hashOf('y'))).toEqual({ kind: 'new' });
    expect((await claimKey(postgres.database(), user, young, hashOf('x'))).kind).toBe('answered');
  });
});
