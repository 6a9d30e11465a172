import { expect, test } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { decodeBundle } from '#schema/segment/segment-bundle.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import { firstConversation } from '#server/store/unmerged-segments.ts';
import { describePostgres, type PostgresUnderTest } from '#tests/support/postgres.ts';
import { playActs, testReplicas, testSegment, type Act } from '#tests/support/segment-history.ts';
import { commitRows, readStored, readUpdates, storeConversation } from '#tests/support/stored-segment.ts';
import { createSnapshots, type Snapshots } from './create-snapshots.ts';
import { startSnapshotWorker, WorkerLost } from './run-worker.ts';

const said = (i: number): Act => ({ act: 'append', replica: 1 + (i % 4), texts: [`message ${i}`] });

function snapshotsOn(postgres: PostgresUnderTest, now = () => Date.now()): Snapshots {
  return createSnapshots({
    database: postgres.database(),
    logger: createLogger('silent'),
    logLevel: 'silent',
    metrics: createMetrics({ process: false }),
    now,
    start: firstConversation,
    turnEvery: 0,
    restFactor: 0,
  });
}

async function stored(postgres: PostgresUnderTest, history: readonly Act[]) {
  const made = await storeConversation(postgres.database(), testReplicas);
  const played = playActs(history, { replica: made.replica });
  return { ...made, ...played, key: { conversation: made.conversation, segment: testSegment } };
}

describePostgres('snapshots', (postgres) => {
  test('[N1] merged by the worker again and again while updates are committed, nothing is lost and every answer is whole', async () => {
    const made = await stored(
      postgres,
      Array.from({ length: 300 }, (_, i) => (i % 29 === 28 ? { act: 'delete', replica: 1, target: i } : said(i))),
    );
    const snapshots = snapshotsOn(postgres);
    try {
      let committed = 0;
      const merging = (async () => {
        while (committed < made.rows.length) await snapshots.merge(made.key);
      })();
      const reading = (async () => {
        while (committed < made.rows.length) {
          const known = committed;
          const bundle = await snapshots.bundle(made.key, known);
          if (known > 0) expect(bundle?.throughSeq).toBeGreaterThanOrEqual(known);
          if (bundle) expect(decodeBundle(gunzipSync(bundle.body)).throughSeq).toBe(bundle.throughSeq);
        }
      })();
      for (let i = 0; i < made.rows.length;) {
        const chain = made.rows[i + 1]?.replica === null ? made.rows.slice(i, i + 2) : made.rows.slice(i, i + 1);
        await commitRows(postgres.database(), made, chain);
        i += chain.length;
        committed = i;
      }
      await Promise.all([merging, reading]);
      await snapshots.merge(made.key);
      const after = await readStored(postgres.database(), made.conversation, testSegment);
      expect(after).toMatchObject({ rows: 0, model: made.model });
      const bundle = await snapshots.bundle(made.key, committed);
      expect(readUpdates([decodeBundle(gunzipSync(bundle?.body ?? new Uint8Array())).update])).toEqual(made.model);
    } finally {
      await snapshots.close();
    }
  });

  test('[N1] a worker killed at any moment loses nothing, and the next one goes on', async () => {
    const made = await stored(
      postgres,
      Array.from({ length: 200 }, (_, i) => said(i)),
    );
    await commitRows(postgres.database(), made, made.rows);
    const lost: string[] = [];
    const worker = startSnapshotWorker({
      databaseUrl: postgres.url(),
      logLevel: 'silent',
      onLost: (reason) => lost.push(reason),
    });
    try {
      await worker.run('bundle', made.key);
      for (let i = 0; i < 6; i++) {
        const merge = worker.run('merge', made.key).catch((error: unknown) => error);
        // Somewhere between asking and the answer: which step it meets differs each time.
        for (let turn = 0; turn < i * 3; turn++) await new Promise(setImmediate);
        await worker.kill();
        const end = await merge;
        if (!(end instanceof WorkerLost)) expect(end).toHaveProperty('outcome');
        expect((await readStored(postgres.database(), made.conversation, testSegment)).model).toEqual(made.model);
      }
      expect(lost.length).toBeGreaterThan(0);
      // The lock of a session that was cut off ends with it, though not at the same instant.
      await expect
        .poll(async () => (await worker.run('merge', made.key)).outcome, { timeout: 10_000 })
        .not.toBe('busy');
      expect(await readStored(postgres.database(), made.conversation, testSegment)).toMatchObject({
        rows: 0,
        model: made.model,
      });
    } finally {
      await worker.close();
    }
  });

  test('a job over its deadline ends the worker, not the server, and the next job is done', async () => {
    const made = await stored(postgres, [said(1)]);
    await commitRows(postgres.database(), made, made.rows);
    const blocker = await postgres.database().session();
    const worker = startSnapshotWorker({ databaseUrl: postgres.url(), logLevel: 'silent', deadline: 500 });
    try {
      await worker.run('bundle', made.key);
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE updates IN ACCESS EXCLUSIVE MODE');
      await expect(worker.run('bundle', made.key)).rejects.toBeInstanceOf(WorkerLost);
      await blocker.query('ROLLBACK');
      await expect(worker.run('bundle', made.key)).resolves.toMatchObject({ throughSeq: 1 });
    } finally {
      blocker.release();
      await worker.close();
    }
  });

  test('the worker finds its database again after the connection was cut', async () => {
    const made = await stored(postgres, [said(1)]);
    await commitRows(postgres.database(), made, made.rows);
    const worker = startSnapshotWorker({ databaseUrl: postgres.url(), logLevel: 'silent' });
    try {
      await worker.run('bundle', made.key);
      await postgres
        .database()
        .query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
      await expect
        .poll(
          () =>
            worker.run('bundle', made.key).then(
              (bundle) => bundle?.throughSeq,
              () => 0,
            ),
          { timeout: 10_000 },
        )
        .toBe(1);
    } finally {
      await worker.close();
    }
  });

  test('[N3] a turn merges the deletion that waited a minute, and leaves what is neither many nor old', async () => {
    const deleted = await stored(postgres, [said(1), said(2), { act: 'delete', replica: 1, target: 0 }]);
    await commitRows(postgres.database(), deleted, deleted.rows);
    const few = await stored(postgres, [said(1)]);
    await commitRows(postgres.database(), few, few.rows);
    const many = await stored(
      postgres,
      Array.from({ length: 512 }, (_, i) => said(i)),
    );
    await commitRows(postgres.database(), many, many.rows);
    let now = Date.UTC(2026, 10, 20);
    await postgres.database().query('UPDATE updates SET committed_at = $1', [new Date(now)]);
    const snapshots = snapshotsOn(postgres, () => now);
    const rows = async () =>
      Promise.all(
        [deleted, few, many].map(
          async ({ conversation }) => (await readStored(postgres.database(), conversation, testSegment)).rows,
        ),
      );
    try {
      await snapshots.turn();
      expect(await rows()).toEqual([4, 1, 0]);
      now += 60_000;
      await snapshots.turn();
      expect(await rows()).toEqual([0, 1, 0]);
      now = Date.UTC(2026, 11, 1, 1);
      await snapshots.turn();
      expect(await rows()).toEqual([0, 0, 0]);
    } finally {
      await snapshots.close();
    }
  });

  test('[N3] an edit that comes after the deletion of its message is merged as soon, other rows are left', async () => {
    const history: Act[] = [said(1), said(2), { act: 'delete', replica: 1, target: 0 }];
    const late: Act = { act: 'edit', replica: 3, target: 0, text: 'too late' };
    const deleted = await stored(postgres, [...history, late]);
    await commitRows(postgres.database(), deleted, deleted.rows.slice(0, -1));
    const plain = await stored(postgres, [...history, said(3)]);
    await commitRows(postgres.database(), plain, plain.rows.slice(0, -1));
    const without = await stored(postgres, [said(1), { act: 'edit', replica: 3, target: 0, text: 'in time' }]);
    await commitRows(postgres.database(), without, without.rows.slice(0, -1));
    const all = [deleted, plain, without];
    let now = Date.UTC(2026, 10, 20);
    const snapshots = snapshotsOn(postgres, () => now);
    const rows = async () =>
      Promise.all(
        all.map(async ({ conversation }) => (await readStored(postgres.database(), conversation, testSegment)).rows),
      );
    try {
      for (const { key } of all) await snapshots.merge(key);
      for (const made of all) await commitRows(postgres.database(), made, made.rows.slice(-1));
      await postgres.database().query('UPDATE updates SET committed_at = $1', [new Date(now)]);
      now += 59_999;
      await snapshots.turn();
      expect(await rows()).toEqual([1, 1, 1]);
      now += 1;
      await snapshots.turn();
      expect(await rows()).toEqual([0, 1, 1]);
      expect((await readStored(postgres.database(), deleted.conversation, testSegment)).model).toEqual(deleted.model);
    } finally {
      await snapshots.close();
    }
  });

  test('what was much work to put together is stored for the next reader', async () => {
    const made = await stored(
      postgres,
      Array.from({ length: 400 }, (_, i) => said(i)),
    );
    await commitRows(postgres.database(), made, made.rows);
    const snapshots = snapshotsOn(postgres);
    try {
      await expect(snapshots.bundle(made.key, 400)).resolves.toMatchObject({ rows: 400 });
      await expect.poll(async () => (await snapshots.bundle(made.key, 400))?.rows).toBe(0);
    } finally {
      await snapshots.close();
    }
  });

  test('a segment that does not exist has no bundle', async () => {
    const made = await stored(postgres, []);
    const snapshots = snapshotsOn(postgres);
    await expect(snapshots.bundle(made.key, 0)).resolves.toBeNull();
    await snapshots.close();
    await expect(snapshots.bundle(made.key, 0)).rejects.toBeInstanceOf(WorkerLost);
  });
});
