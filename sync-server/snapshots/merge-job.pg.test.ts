import fc from 'fast-check';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodeBundle } from '#schema/segment/segment-bundle.ts';
import type { Database, DatabaseSession } from '#server/store/database.ts';
import type { SegmentKey } from '#server/store/snapshots.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import {
  acts,
  asMerged,
  playActs,
  testReplicas,
  testSegment,
  type Act,
  type Model,
} from '#tests/support/segment-history.ts';
import { commitRows, readStored, storeConversation, type StoredConversation } from '#tests/support/stored-segment.ts';
import { mergeJob } from './merge-job.ts';

const limits = { rows: 10_000, bytes: 1 << 24 };
const said = (text: string, replica = 1): Act => ({ act: 'append', replica, texts: [text] });

describePostgres('mergeJob', (postgres) => {
  interface Stored extends StoredConversation {
    readonly key: SegmentKey;
    readonly model: Model;
  }

  async function stored(history: readonly Act[]): Promise<Stored> {
    const made = await storeConversation(postgres.database(), testReplicas);
    const { rows, model } = playActs(history, { replica: made.replica });
    await commitRows(postgres.database(), made, rows);
    return { ...made, key: { conversation: made.conversation, segment: testSegment }, model };
  }

  async function withSession<T>(
    work: (session: DatabaseSession) => Promise<T>,
    database: Database = postgres.database(),
  ): Promise<T> {
    const session = await database.session();
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }

  test('[N1] a segment’s rows become one snapshot with the same events, and are gone from the log', async () => {
    const { key, model } = await stored([
      said('one'),
      said('two', 2),
      said('three', 1),
      { act: 'edit', replica: 1, target: 0, text: 'ONE' },
    ]);
    await expect(withSession((session) => mergeJob(session, key, limits))).resolves.toMatchObject({
      outcome: 'merged',
      rows: 4,
      events: 4,
      quarantined: 0,
      more: false,
    });
    const after = await readStored(postgres.database(), key.conversation, key.segment);
    expect(after.rows).toBe(0);
    expect(after.snapshot?.throughSeq).toBe(4);
    expect(after.model).toEqual(model);
    await expect(withSession((session) => mergeJob(session, key, limits))).resolves.toEqual({ outcome: 'nothing' });
  });

  test('[N1] a long log is merged in parts, each through the seq it read', async () => {
    const { key, model } = await stored(Array.from({ length: 25 }, (_, i) => said(`${i}`, 1 + (i % 3))));
    const outcomes = await withSession(async (session) => {
      const all = [];
      for (let i = 0; i < 3; i++) all.push(await mergeJob(session, key, { ...limits, rows: 10 }));
      return all;
    });
    expect(outcomes).toMatchObject([
      { rows: 10, more: true },
      { rows: 10, more: true },
      { rows: 5, more: false },
    ]);
    expect((await readStored(postgres.database(), key.conversation, key.segment)).model).toEqual(model);
  });

  test('a limit of bytes still lets one row through', async () => {
    const { key } = await stored([said('one'), said('two')]);
    await expect(withSession((session) => mergeJob(session, key, { rows: 100, bytes: 1 }))).resolves.toMatchObject({
      rows: 1,
      more: true,
    });
  });

  test('[N2] a damaged row goes to quarantine, alone and whole', async () => {
    const { key, conversation, model, replica } = await stored([said('one'), said('two'), said('three')]);
    const database = postgres.database();
    await database.query(`UPDATE updates SET bytes = 'rubbish' WHERE conversation_id = $1 AND seq = 2`, [conversation]);
    await expect(withSession((session) => mergeJob(session, key, limits))).resolves.toMatchObject({
      outcome: 'merged',
      rows: 3,
      quarantined: 1,
    });
    const kept = await database.query(
      'SELECT seq, segment, replica, clock_from, bytes, reason FROM quarantine WHERE conversation_id = $1',
      [conversation],
    );
    expect(kept).toEqual([
      {
        seq: 2,
        segment: testSegment,
        replica: replica(1),
        clock_from: 1,
        bytes: Buffer.from('rubbish'),
        reason: expect.stringContaining('cannot be decoded'),
      },
    ]);
    expect((await readStored(database, conversation, testSegment)).model).toEqual(
      new Map([...model, [`${replica(1)}.1`, null]]),
    );
  });

  test('[N2] what a replica writes after its row was quarantined is merged as ever', async () => {
    const made = await stored([said('one'), said('two')]);
    const database = postgres.database();
    await database.query(`UPDATE updates SET bytes = 'rubbish' WHERE conversation_id = $1 AND seq = 2`, [
      made.conversation,
    ]);
    await withSession((session) => mergeJob(session, made.key, limits));
    const { rows, model } = playActs([said('one'), said('two'), said('three')], { replica: made.replica });
    await commitRows(database, made, rows.slice(2));
    await expect(withSession((session) => mergeJob(session, made.key, limits))).resolves.toMatchObject({
      outcome: 'merged',
      quarantined: 0,
    });
    expect((await readStored(database, made.conversation, testSegment)).model).toEqual(
      new Map([...model, [`${made.replica(1)}.1`, null]]),
    );
  });

  test('[N1] a row that went missing stops the merge: nothing is stored over a loss', async () => {
    const { key, conversation } = await stored([said('one'), said('two'), said('three')]);
    await postgres.database().query('DELETE FROM updates WHERE conversation_id = $1 AND seq = 2', [conversation]);
    await expect(withSession((session) => mergeJob(session, key, limits))).rejects.toThrow(/the log lacks/);
    expect(await readStored(postgres.database(), conversation, testSegment)).toMatchObject({ snapshot: null, rows: 2 });
  });

  test('[N3] a deleted text is in no row of the database once the segment was merged', async () => {
    const { key, conversation, model } = await stored([
      said('a secret'),
      said('stays'),
      { act: 'delete', replica: 2, target: 0 },
    ]);
    await withSession((session) => mergeJob(session, key, limits));
    const after = await readStored(postgres.database(), conversation, testSegment);
    expect(after.model).toEqual(model);
    expect(after.rows).toBe(0);
    expect(Buffer.from(after.snapshot?.update ?? []).includes('a secret')).toBe(false);
  });

  test('[N3] nor are the texts of its edits, early and late', async () => {
    const history: Act[] = [
      said('first secret'),
      said('stays'),
      { act: 'edit', replica: 1, target: 0, text: 'second secret' },
      { act: 'edit', replica: 1, target: 1, text: 'stays, edited' },
      { act: 'delete', replica: 2, target: 0 },
    ];
    const late: Act = { act: 'edit', replica: 3, target: 0, text: 'third secret' };
    const made = await stored(history);
    await withSession((session) => mergeJob(session, made.key, limits));
    const { rows, model } = playActs([...history, late], { replica: made.replica });
    await commitRows(postgres.database(), made, rows.slice(-1));
    expect(await everyByte(made.conversation)).toContain('third secret');
    await expect(withSession((session) => mergeJob(session, made.key, limits))).resolves.toMatchObject({ rows: 1 });
    const bytes = await everyByte(made.conversation);
    expect(bytes).toContain('stays, edited');
    expect(bytes).not.toContain('secret');
    expect((await readStored(postgres.database(), made.conversation, testSegment)).model).toEqual(model);
  });

  /** What the log and the snapshots hold of a conversation, as text. */
  async function everyByte(conversation: string): Promise<string> {
    const rows = await postgres
      .database()
      .query<{ bytes: Buffer }>('SELECT bytes FROM updates WHERE conversation_id = $1', [conversation]);
    const bodies = await postgres
      .database()
      .query<{ body: Buffer }>('SELECT body FROM snapshots WHERE conversation_id = $1', [conversation]);
    return Buffer.concat([...rows.map(({ bytes }) => bytes), ...bodies.map(({ body }) => gunzipSync(body))]).toString(
      'latin1',
    );
  }

  test('[N1] several nodes at one segment: one merges, the others leave it', async () => {
    const { key, model } = await stored(Array.from({ length: 40 }, (_, i) => said(`${i}`)));
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => withSession((session) => mergeJob(session, key, limits))),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'merged')).toHaveLength(1);
    expect(outcomes.every(({ outcome }) => ['merged', 'busy', 'nothing'].includes(outcome))).toBe(true);
    expect((await readStored(postgres.database(), key.conversation, key.segment)).model).toEqual(model);
  });

  test('[N1] a snapshot that changed under the merge, lock or no lock, stops it', async () => {
    const { key, conversation, model } = await stored([said('one'), said('two')]);
    const outcome = await withSession((session) =>
      withSession((other) => {
        let stole = false;
        const late: DatabaseSession = {
          ...session,
          async query(text, values, name) {
            // A node that does not know the lock is quicker by one step.
            if (!stole && text.startsWith('INSERT INTO snapshots')) {
              stole = true;
              await other.query(
                'INSERT INTO snapshots (conversation_id, segment, through_seq, event_count, body) VALUES ($1, $2, 1, 1, $3)',
                [conversation, testSegment, gzipSync('')],
              );
            }
            return session.query(text, values, name);
          },
        };
        return mergeJob(late, key, limits);
      }),
    );
    expect(outcome).toEqual({ outcome: 'superseded' });
    const rows = await postgres
      .database()
      .query('SELECT bytes FROM updates WHERE conversation_id = $1', [conversation]);
    expect(rows).toHaveLength(model.size);
  });

  test('[N1] cut off before or after any of its statements, a merge has done nothing or everything, and can be done again', async () => {
    const history: Act[] = [said('one'), said('two', 2), { act: 'delete', replica: 1, target: 0 }, said('three')];
    for (const when of ['before', 'after'] as const) {
      for (let n = 1; ; n++) {
        const { key, conversation, model } = await stored(history);
        let statements = 0;
        const cut = await withSession(async (session) => {
          const failing: DatabaseSession = {
            ...session,
            async query(text, values, name) {
              statements += 1;
              if (statements > n || (statements === n && when === 'before')) throw new Error('cut off');
              const rows = await session.query(text, values, name);
              if (statements === n) throw new Error('cut off');
              return rows as never;
            },
          };
          return mergeJob(failing, key, limits).then(
            () => false,
            () => true,
          );
        });
        const left = await readStored(postgres.database(), conversation, testSegment);
        expect(left.model).toEqual(model);
        expect(left.rows).toBe(left.snapshot === null ? 5 : 0);
        // The lock of a session that was cut off ends with it, though not at the same instant.
        await expect
          .poll(() => withSession((session) => mergeJob(session, key, limits)), { interval: 5, timeout: 10_000 })
          .not.toEqual({ outcome: 'busy' });
        const whole = await readStored(postgres.database(), conversation, testSegment);
        expect(whole).toMatchObject({ rows: 0, model });
        if (!cut && statements < n) break;
        expect(n).toBeLessThan(30);
      }
    }
  });

  test('[N1] any history, merged at any moments while it is being written, reads as written', async () => {
    await fc.assert(
      fc.asyncProperty(acts(25), fc.array(fc.nat(30), { maxLength: 3 }), async (history, cuts) => {
        const made = await storeConversation(postgres.database(), testReplicas);
        const { rows, model } = playActs(history, { replica: made.replica });
        const key = { conversation: made.conversation, segment: testSegment };
        await withSession(async (session) => {
          const merges: Promise<unknown>[] = [];
          let at = 0;
          for (const chain of chainsOf(rows)) {
            if (cuts.includes(at))
              merges.push((merges.at(-1) ?? Promise.resolve()).then(() => mergeJob(session, key, limits)));
            await commitRows(postgres.database(), made, chain);
            at += chain.length;
          }
          await Promise.all(merges);
          const between = await readStored(postgres.database(), made.conversation, testSegment);
          expect(asMerged(between.model)).toEqual(model);
          await mergeJob(session, key, limits);
        });
        const after = await readStored(postgres.database(), made.conversation, testSegment);
        expect(after.model).toEqual(model);
        expect(after.rows).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  test('a snapshot nobody can read is reported and left as it is', async () => {
    const { key, conversation } = await stored([said('one')]);
    const database = postgres.database();
    await database.query(
      'INSERT INTO snapshots (conversation_id, segment, through_seq, event_count, body) VALUES ($1, $2, 0, 0, $3)',
      [conversation, testSegment, Buffer.from('rubbish')],
    );
    await expect(withSession((session) => mergeJob(session, key, limits))).rejects.toThrow();
    expect(await database.query('SELECT seq FROM updates WHERE conversation_id = $1', [conversation])).toHaveLength(1);
    const empty = gzipSync(encodeBundle({ throughSeq: 0, update: new Uint8Array(), seqs: [] }));
    await database.query('UPDATE snapshots SET body = $2 WHERE conversation_id = $1', [conversation, empty]);
    await expect(withSession((session) => mergeJob(session, key, limits))).resolves.toMatchObject({
      outcome: 'merged',
    });
  });
});

/** An update and the deletions that are committed with it. */
function chainsOf<R extends { readonly replica: number | null }>(rows: readonly R[]): R[][] {
  const chains: R[][] = [];
  for (const row of rows) {
    if (row.replica === null) chains.at(-1)?.push(row);
    else chains.push([row]);
  }
  return chains;
}
