import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Refusal } from '#schema/errors.ts';
import { eventId, type ConversationId, type UserId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { decodeUpdate, encodeAppend } from '#schema/segment/update-codec.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import type { Database } from '#server/store/database.ts';
import { removeMember } from '#server/store/remove-member.ts';
import { mergeAll } from '#tests/support/merge-all.ts';
import { pushOf } from '#tests/support/pushes.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { message, noon, november, storeReplica, type Author } from '#tests/support/stored-log.ts';
import { storeGroup, storeUsers } from '#tests/support/stored-people.ts';
import { createCommitQueue, type CommitQueue } from './commit-queue.ts';
import { createRelayFigures } from './relay-figures.ts';
import type { ConversationCommit } from './settle-batch.ts';
import type { WaitingPush } from './waiting-push.ts';

describePostgres('the commit queue', (postgres) => {
  let ana: UserId, ben: UserId;
  let conversation: ConversationId;
  let a: Author, b: Author;
  let queue: CommitQueue;
  let commits: ConversationCommit[];
  let overlooked: number[];

  const open = (database: Database, patienceMs = 5_000): CommitQueue => {
    commits = [];
    overlooked = [];
    return createCommitQueue({
      database,
      logger: createLogger('silent'),
      figures: createRelayFigures(createMetrics({ process: false })),
      patienceMs,
      committed: (list) => commits.push(...list),
      overlooked: (_conversation, { seq }) => overlooked.push(seq),
    });
  };
  const push = (...all: (WaitingPush & { answered: Promise<unknown> })[]) => {
    for (const one of all) queue.add(one);
    return Promise.all(all.map((one) => one.answered));
  };
  const refusal = (code: string, expected?: number) =>
    expect.objectContaining(expected === undefined ? { code } : { code, expected }) as Refusal;
  const seqs = () =>
    postgres
      .database()
      .query(`SELECT seq FROM updates WHERE conversation_id = $1 ORDER BY seq`, [conversation])
      .then((rows) => rows.map((row) => row['seq']));

  beforeAll(async () => {
    [ana, ben] = (await storeUsers(postgres.database(), 'Ana', 'Ben')) as [UserId, UserId];
  });
  beforeEach(async () => {
    conversation = await storeGroup(postgres.database(), ana, [ben]);
    a = { conversation, user: ana, replica: await storeReplica(postgres.database(), ana) };
    b = { conversation, user: ben, replica: await storeReplica(postgres.database(), ben) };
    queue = open(postgres.database());
  });
  afterEach(() => queue.close());

  it('[R3] answers with the seq, and what it announced is in the database', async () => {
    expect(await push(pushOf(a, 0, 'one'), pushOf(b, 0, 'two'), pushOf(a, 1, 'three'))).toEqual([
      { seq: 1, to: 1 },
      { seq: 3, to: 3 },
      { seq: 2, to: 2 },
    ]);
    expect(commits.flatMap((commit) => commit.rows.map((row) => row.seq))).toEqual([1, 2, 3]);
    expect(await seqs()).toEqual([1, 2, 3]);
  });

  it('[W2] what waits while a batch runs is the next batch', async () => {
    const first = push(pushOf(a, 0, 'first'));
    await new Promise(setImmediate);
    const later = Array.from({ length: 50 }, (_, i) => pushOf(a, i + 1, String(i)));
    await Promise.all([first, push(...later)]);
    expect(commits.map((commit) => commit.rows.length)).toEqual([1, 50]);
  });

  it('[D7] a deletion takes the seq after its event', async () => {
    await push(pushOf(a, 0, 'oops'));
    const event: SegmentEvent = {
      kind: 'delete',
      by: ana,
      at: noon,
      target: eventId(november, a.replica, 0),
      targetBy: ana,
      targetAt: noon,
    };
    expect(await push(pushOf(a, 1, [event]), pushOf(a, 2, 'after'))).toEqual([
      { seq: 2, to: 3 },
      { seq: 4, to: 4 },
    ]);
    const rows = commits.at(-1)?.rows ?? [];
    expect(rows.map((row) => [row.seq, row.committed !== null])).toEqual([
      [2, true],
      [3, false],
      [4, true],
    ]);
    expect(decodeUpdate(rows[1]?.bytes ?? new Uint8Array()).deletions).toEqual([
      { replica: a.replica, clock: 0, count: 1 },
    ]);
    expect(await push(pushOf(a, 1, [event]))).toEqual([{ seq: 2, to: 3 }]);
  });

  it('[W3] a clock ahead of the next is a gap that names what was expected', async () => {
    await push(pushOf(a, 0, 'one'));
    expect(await push(pushOf(a, 3, 'four'), pushOf(a, 4, 'five'))).toEqual([refusal('gap', 1), refusal('gap', 1)]);
  });

  it('[R6] the same bytes again are stored once and answered with the old seq', async () => {
    const texts = ['one', 'two', 'three'];
    const first = await push(...texts.map((text, clock) => pushOf(a, clock, text)));
    expect(await push(...texts.map((text, clock) => pushOf(a, clock, text)))).toEqual(first);
    expect(await seqs()).toEqual([1, 2, 3]);
    expect(commits.flatMap((commit) => commit.rows)).toHaveLength(3);
  });

  it('[R6] what is new behind a replay is stored, in one go', async () => {
    await push(pushOf(a, 0, 'one'), pushOf(a, 1, 'two'));
    expect(await push(...['one', 'two', 'three', 'four'].map((text, clock) => pushOf(a, clock, text)))).toEqual(
      [1, 2, 3, 4].map((seq) => ({ seq, to: seq })),
    );
    expect(await seqs()).toEqual([1, 2, 3, 4]);
  });

  it('[R6] the same events cut differently are a replay too, and their new end is stored', async () => {
    await push(pushOf(a, 0, 'one'), pushOf(a, 1, 'two'));
    const events = ['one', 'two', 'three', 'four'].map((text) => message(ana, text));
    expect(await push(pushOf(a, 0, events.slice(0, 2)))).toEqual([{ seq: 2, to: 2 }]);
    expect(await push(pushOf(a, 0, events))).toEqual([{ seq: 3, to: 3 }]);
    expect(await push(pushOf(a, 3, 'four'), pushOf(a, 4, 'five'))).toEqual([
      { seq: 3, to: 3 },
      { seq: 4, to: 4 },
    ]);
    const [, , third] = await postgres
      .database()
      .query<{ bytes: Uint8Array }>(`SELECT bytes FROM updates WHERE conversation_id = $1 ORDER BY seq`, [
        conversation,
      ]);
    expect(Buffer.from(third?.bytes ?? [])).toEqual(Buffer.from(encodeAppend(a.replica, 2, events.slice(2))));
  });

  it('[W3] other content in a taken place is a conflict, and what is new behind it is stored all the same', async () => {
    await push(pushOf(a, 0, 'one'), pushOf(a, 1, 'two'));
    expect(await push(pushOf(a, 1, 'another two'))).toEqual([refusal('replica-conflict', 2)]);
    expect(await push(pushOf(a, 1, [message(ana, 'another two'), message(ana, 'three')]))).toEqual([
      refusal('replica-conflict', 2),
    ]);
    expect(await push(pushOf(a, 1, 'another two'), pushOf(a, 2, 'three'))).toEqual([
      refusal('replica-conflict', 2),
      { seq: 3, to: 3 },
    ]);
  });

  it('[R6] a replay is known after its row was merged into a snapshot', async () => {
    await push(pushOf(a, 0, 'one'), pushOf(b, 0, 'two'), pushOf(a, 1, 'three'));
    await mergeAll(postgres.database(), conversation, november);
    expect(await seqs()).toEqual([]);
    expect(await push(pushOf(a, 0, 'one'), pushOf(a, 1, 'three'), pushOf(a, 2, 'four'))).toEqual(
      [1, 2, 4].map((seq) => ({ seq, to: seq })),
    );
    expect(await push(pushOf(b, 0, 'something else'))).toEqual([refusal('replica-conflict', 1)]);
  });

  it('[R6] a message deleted for everyone and merged does not come back when it is sent again', async () => {
    const event: SegmentEvent = {
      kind: 'delete',
      by: ana,
      at: noon,
      target: eventId(november, a.replica, 0),
      targetBy: ana,
      targetAt: noon,
    };
    await push(pushOf(a, 0, 'oops'), pushOf(a, 1, [event]));
    await mergeAll(postgres.database(), conversation, november);
    expect(await push(pushOf(a, 0, 'oops'))).toEqual([{ seq: 1, to: 1 }]);
  });

  it('[R6] who was removed since is told that what they wrote before is stored', async () => {
    await push(pushOf(b, 0, 'before'));
    await postgres.database().transaction((transaction) => removeMember(transaction, conversation, ana, ben));
    expect(await push(pushOf(b, 0, 'before'), pushOf(b, 1, 'after'))).toEqual([
      { seq: 1, to: 1 },
      refusal('not-a-member'),
    ]);
    expect(await push(pushOf(b, 0, 'not what was written'))).toEqual([refusal('not-a-member')]);
  });

  it('[R11] of a chain with one push at fault the ones before it are stored', async () => {
    await push(pushOf(b, 0, 'by Ben'));
    const edit = (replica: number, clock: number): SegmentEvent[] => [
      { kind: 'edit', by: ana, at: noon, target: eventId(november, replica, clock), text: 'x' },
    ];
    const answers = await push(pushOf(a, 0, 'fine'), pushOf(a, 1, edit(b.replica, 0)), pushOf(a, 2, 'behind'));
    expect(answers).toEqual([{ seq: 2, to: 2 }, refusal('not-allowed'), refusal('gap', 1)]);
    expect(await push(pushOf(a, 1, edit(b.replica, 7)))).toEqual([refusal('unknown-target')]);
    expect(await push(pushOf(a, 1, edit(a.replica, 0)))).toEqual([{ seq: 3, to: 3 }]);
  });

  it('a reaction pushed right behind its message by somebody else is stored, one batch later', async () => {
    const react: SegmentEvent = {
      kind: 'react',
      by: ben,
      at: noon,
      target: eventId(november, a.replica, 0),
      emoji: '👍',
      on: true,
    };
    expect(await push(pushOf(a, 0, 'hello'), pushOf(b, 0, [react]))).toEqual([
      { seq: 1, to: 1 },
      { seq: 2, to: 2 },
    ]);
    expect(commits).toHaveLength(2);
  });

  it('[R6] a connection lost at any moment loses nothing and stores nothing twice', async () => {
    const cut = () =>
      postgres
        .database()
        .query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT * FROM commit_updates%' AND pid <> pg_backend_pid()`,
        );
    const answers: Promise<unknown>[] = [];
    for (let clock = 0; clock < 60; clock++) {
      answers.push(push(pushOf(a, clock, `message ${clock}`)));
      if (clock % 5 === 0) answers.push(cut());
      await new Promise(setImmediate);
    }
    await Promise.all(answers);
    expect(await seqs()).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    // What was committed without an answer is announced, or named as overlooked.
    const told = new Set(commits.flatMap((commit) => commit.rows.map((row) => row.seq)));
    for (const seq of overlooked) told.add(seq);
    expect(told.size).toBe(60);
  });

  it('a connection lost while nothing waits leaves no place in the pool taken', async () => {
    const own = await postgres.create();
    const [cleo] = (await storeUsers(own.database, 'Cleo')) as [UserId];
    const c = {
      conversation: await storeGroup(own.database, cleo, []),
      user: cleo,
      replica: await storeReplica(own.database, cleo),
    };
    await queue.close();
    queue = open(own.database);
    expect(await push(pushOf(c, 0, 'one'))).toEqual([{ seq: 1, to: 1 }]);
    await postgres
      .database()
      .query(
        `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'SELECT * FROM commit_updates%'`,
        [new URL(own.url).pathname.slice(1)],
      );
    expect(await push(pushOf(c, 1, 'two'))).toEqual([{ seq: 2, to: 2 }]);
    await queue.close();
    // It ends once every connection it ever gave out has come back.
    await own.close();
  });

  it('[W5] without a database pushes are answered unavailable, and the next ones are stored when it is back', async () => {
    const lost = new Error('connect ECONNREFUSED');
    Object.assign(lost, { code: 'ECONNREFUSED' });
    let down = true;
    const real = postgres.database();
    const flaky: Database = { ...real, session: () => (down ? Promise.reject(lost) : real.session()) };
    await queue.close();
    queue = open(flaky, 100);
    expect(await push(pushOf(a, 0, 'one'), pushOf(b, 0, 'two'))).toEqual([
      refusal('unavailable'),
      refusal('unavailable'),
    ]);
    down = false;
    expect(await push(pushOf(a, 0, 'one'))).toEqual([{ seq: 1, to: 1 }]);
  });

  it('[R11] a push the database itself refuses does not take the others with it', async () => {
    const bad = pushOf({ ...a, conversation: 'no uuid' as ConversationId }, 0, 'x');
    expect(await push(pushOf(a, 0, 'one'), bad, pushOf(b, 0, 'two'))).toEqual([
      { seq: 1, to: 1 },
      refusal('internal'),
      { seq: 2, to: 2 },
    ]);
  });

  it('closing answers everything that waits', async () => {
    const pushes = Array.from({ length: 30 }, (_, clock) => pushOf(a, clock, String(clock)));
    const answers = push(...pushes);
    await new Promise(setImmediate);
    await queue.close();
    const results = await answers;
    const stored = results.filter((result) => !(result instanceof Refusal)).length;
    expect(await seqs()).toHaveLength(stored);
    expect(await push(pushOf(b, 0, 'too late'))).toEqual([refusal('unavailable')]);
  });

  it('[R7] many writers at once through two nodes: gapless, each push once, in the order of its replica', async () => {
    const other = createCommitQueue({
      database: postgres.database(),
      logger: createLogger('silent'),
      figures: createRelayFigures(createMetrics({ process: false })),
      patienceMs: 5_000,
      committed: () => undefined,
      overlooked: () => undefined,
    });
    const writers = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => ({
        conversation,
        user: i % 2 ? ana : ben,
        replica: await storeReplica(postgres.database(), i % 2 ? ana : ben),
      })),
    );
    const answers = writers.map(async (writer, i) => {
      for (let clock = 0; clock < 30; clock++) {
        const one = pushOf(writer, clock, `${i}:${clock}`);
        (i < 3 ? queue : other).add(one);
        expect(await one.answered).toMatchObject({ seq: expect.any(Number) as number });
      }
    });
    await Promise.all(answers);
    await other.close();
    expect(await seqs()).toEqual(Array.from({ length: 180 }, (_, i) => i + 1));
  });
});
