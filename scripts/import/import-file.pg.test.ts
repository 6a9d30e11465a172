import { expect, test } from 'vitest';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { SegmentView } from '#schema/segment/segment-view.ts';
import type { SegmentName } from '#schema/ids.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import { createWriter } from '#server/relay/create-writer.ts';
import { readSegment } from '#server/store/snapshots.ts';
import { bundleOf } from '#server/snapshots/merge-job.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { storeUser } from '#tests/support/stored-people.ts';
import { generateConversation } from '../generate/conversation.ts';
import { importFile, ImportProblem, type ImportReport, type ImportSummary } from './import-file.ts';
import type { ImportRelay } from './import-relay.ts';
import type { ImportLine } from './parse-line.ts';

const line = (from: string, at: number, text: string): string => JSON.stringify({ at, from, text });
const day = (month: number, date: number): number => Date.UTC(2024, month - 1, date);

describePostgres('importFile', (postgres) => {
  let titles = 0;
  async function group() {
    const email = `owner-${++titles}@example.org`;
    const owner = await storeUser(postgres.database(), 'Owner', email);
    return { title: `Group ${titles}`, into: [email], owner };
  }

  async function run(
    file: string,
    target: { title: string; into: string[] },
    relay?: (real: ImportRelay) => ImportRelay,
    stop = new AbortController().signal,
  ): Promise<ImportSummary & { badLines: [number, string][] }> {
    const badLines: [number, string][] = [];
    const report: ImportReport = {
      progress: () => undefined,
      merging: () => undefined,
      badLine: (number, reason) => badLines.push([number, reason]),
    };
    const database = postgres.database();
    const metrics = createMetrics({ process: false });
    const real = await createWriter({ database, logger: createLogger('silent'), metrics, now: Date.now });
    async function* chunks() {
      yield Buffer.from(file);
    }
    const deps = { database, relay: relay?.(real) ?? real, now: Date.now, report };
    try {
      return { ...(await importFile(deps, { chunks: chunks(), ...target, stop })), badLines };
    } finally {
      await real.close();
    }
  }

  /** All messages of a conversation as people see them, in order of time. */
  async function messagesOf(conversation: ConversationId): Promise<ImportLine[]> {
    const database = postgres.database();
    const names = new Map(
      (
        await database.query<{ id: UserId; name: string }>(
          'SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.conversation_id = $1',
          [conversation],
        )
      ).map(({ id, name }) => [id, name]),
    );
    const segments = await database.query<{ segment: SegmentName }>(
      'SELECT DISTINCT segment FROM replica_clocks WHERE conversation_id = $1 ORDER BY segment',
      [conversation],
    );
    const session = await database.session();
    try {
      const found: ImportLine[] = [];
      for (const { segment } of segments) {
        const content = await readSegment(session, { conversation, segment }, { rows: 1e6, bytes: 1e9 });
        const view = new SegmentView(segment);
        for (const bytes of [bundleOf(content)?.update, ...content.rows.map((row) => row.bytes)]) {
          if (!bytes) continue;
          const { elements, gone, deletions } = decodeUpdate(bytes);
          for (const { replica, clock, value } of elements) view.add(replica, clock, null, value);
          for (const range of [...gone, ...deletions])
            for (let i = 0; i < range.count; i++) view.remove(range.replica, range.clock + i);
        }
        found.push(...view.slice(0, view.size).map(({ at, by, text }) => ({ at, from: names.get(by) ?? '?', text })));
      }
      return found;
    } finally {
      session.release();
    }
  }

  test('the messages of a file become messages of placeholder people, at their own times, whatever the order of the lines', async () => {
    const target = await group();
    const file = [
      line('Ben', day(3, 2), 'third'),
      line('Ana', day(2, 1), 'first'),
      line('Ana', day(3, 1), 'second'),
    ].join('\n');
    const summary = await run(file, target);
    expect(summary).toMatchObject({ imported: 3, alreadyThere: 0, bad: 0, people: 2, complete: true });
    expect(await messagesOf(summary.conversation)).toEqual([
      { at: day(2, 1), from: 'Ana', text: 'first' },
      { at: day(3, 1), from: 'Ana', text: 'second' },
      { at: day(3, 2), from: 'Ben', text: 'third' },
    ]);
    const members = await postgres
      .database()
      .query(
        'SELECT u.name, m.role, u.placeholder, m.joined_seq = c.head_seq AS read FROM memberships m JOIN users u ON u.id = m.user_id JOIN conversations c ON c.id = m.conversation_id WHERE c.id = $1 ORDER BY u.name',
        [summary.conversation],
      );
    expect(members).toEqual([
      { name: 'Ana', role: 'member', placeholder: true, read: false },
      { name: 'Ben', role: 'member', placeholder: true, read: false },
      { name: 'Owner', role: 'owner', placeholder: false, read: true },
    ]);
  });

  test('what was imported is merged at once: the first reader gets stored bytes', async () => {
    const target = await group();
    const { conversation } = await run(
      [line('Ana', day(2, 1), 'one'), line('Ana', day(3, 1), 'two')].join('\n'),
      target,
    );
    expect(
      await postgres.database().query('SELECT seq FROM updates WHERE conversation_id = $1', [conversation]),
    ).toEqual([]);
    expect(
      await postgres.database().query('SELECT segment FROM snapshots WHERE conversation_id = $1', [conversation]),
    ).toHaveLength(2);
  });

  test('[R6] run again it imports nothing twice; lines added anywhere are imported', async () => {
    const target = await group();
    const lines = [line('Ana', day(2, 1), 'one'), line('Ana', day(2, 1), 'one'), line('Ben', day(2, 2), 'two')];
    await run(lines.join('\n'), target);
    expect(await run(lines.join('\n'), target)).toMatchObject({ imported: 0, alreadyThere: 3 });
    const longer = await run(
      [line('Ana', day(1, 1), 'zero'), ...lines, line('Ana', day(2, 1), 'one')].reverse().join('\n'),
      target,
    );
    expect(longer).toMatchObject({ imported: 2, alreadyThere: 3 });
    expect((await messagesOf(longer.conversation)).map(({ text }) => text)).toEqual([
      'zero',
      'one',
      'one',
      'one',
      'two',
    ]);
  });

  test('[R3] killed before or after any commit and run again, every message is there once', async () => {
    const messages = [
      ...generateConversation({ seed: 3, messages: 2_400, writers: 12, from: day(1, 1), to: day(6, 1) }),
    ];
    const file = messages.map((message) => JSON.stringify(message)).join('\n');
    const target = await group();
    for (let kill = 0; kill < 4; kill++) {
      let pushes = 0;
      const cut = (real: ImportRelay): ImportRelay => ({
        ...real,
        async push(pushed) {
          pushes += 1;
          const last = pushes === 15 * (kill + 1);
          if (last && kill % 2 === 0) throw new Error('killed');
          const committed = await real.push(pushed);
          if (last) throw new Error('killed');
          return committed;
        },
      });
      await run(file, target, cut).catch((error: Error) => expect(error.message).toBe('killed'));
    }
    const last = await run(file, target);
    expect(last.imported + last.alreadyThere).toBe(messages.length);
    expect(last.alreadyThere).toBeGreaterThan(0);
    const key = ({ at, from, text }: ImportLine): string => `${at} ${from} ${text}`;
    expect((await messagesOf(last.conversation)).map(key).sort()).toEqual(messages.map(key).sort());
  });

  test('asked to stop it ends after the batch, says that it is not complete, and goes on when run again', async () => {
    const messages = [
      ...generateConversation({ seed: 4, messages: 1_200, writers: 3, from: day(1, 1), to: day(2, 1) }),
    ];
    const file = messages.map((message) => JSON.stringify(message)).join('\n');
    const target = await group();
    const stop = new AbortController();
    const stopped = await run(
      file,
      target,
      (real) => ({ ...real, push: (pushed) => (stop.abort(), real.push(pushed)) }),
      stop.signal,
    );
    expect(stopped).toMatchObject({ complete: false, imported: 500 });
    expect(await run(file, target)).toMatchObject({ complete: true, imported: 700, alreadyThere: 500 });
  });

  test('bad lines are told by number with the reason, and stop nothing', async () => {
    const target = await group();
    const file = [
      '{"at": 1}',
      line('Ana', day(1, 1), 'good'),
      '',
      'rubbish',
      line('Ana', Date.now() + 1e9, 'later'),
    ].join('\n');
    const summary = await run(file, target);
    expect(summary).toMatchObject({ imported: 1, bad: 3 });
    expect(summary.badLines).toEqual([
      [1, 'from is missing'],
      [4, 'it is not JSON'],
      [5, expect.stringContaining('at lies in the future')],
    ]);
  });

  test('a text over the limit is sent as several messages in its order, and recognised when run again', async () => {
    const target = await group();
    const text = Array.from({ length: 3_000 }, (_, i) => `word${i}`).join(' ');
    const file = [line('Ana', day(1, 1), text), line('Ana', day(1, 2), 'after')].join('\n');
    const summary = await run(file, target);
    expect(summary).toMatchObject({ imported: 5, bad: 0, split: { lines: 1, messages: 4 } });
    const parts = (await messagesOf(summary.conversation)).map((message) => message.text);
    expect(parts.slice(0, 4).join(' ')).toBe(text);
    expect(await run(file, target)).toMatchObject({ imported: 0, alreadyThere: 5 });
  });

  test('[R8] messages of somebody who was removed from the group are refused, those of others are not', async () => {
    const target = await group();
    const { conversation } = await run(
      [line('Ana', day(1, 1), 'one'), line('Ben', day(1, 1), 'two')].join('\n'),
      target,
    );
    await postgres
      .database()
      .query(
        `UPDATE memberships SET left_at = now() FROM users u WHERE u.id = user_id AND u.name = 'Ben' AND conversation_id = $1`,
        [conversation],
      );
    const again = await run([line('Ana', day(1, 2), 'three'), line('Ben', day(1, 2), 'four')].join('\n'), target);
    expect(again).toMatchObject({ imported: 1, bad: 1, badLines: [[2, 'who wrote it was removed from the group']] });
  });

  test('names over the limit are cut for show and stay different people', async () => {
    const target = await group();
    const name = 'Very long name '.repeat(10);
    const summary = await run(
      [line(`${name}1`, day(1, 1), 'one'), line(`${name}2`, day(1, 2), 'two')].join('\n'),
      target,
    );
    expect(summary).toMatchObject({ imported: 2, people: 2 });
    for (const { from } of await messagesOf(summary.conversation)) expect(from.length).toBeLessThanOrEqual(80);
  });

  test('people who are named must exist; those named later join', async () => {
    const target = await group();
    await expect(run(line('Ana', 1, 'x'), { ...target, into: [...target.into, 'nobody@example.org'] })).rejects.toThrow(
      ImportProblem,
    );
    const first = await run(line('Ana', 1, 'x'), target);
    const other = await storeUser(postgres.database(), 'Other', 'Other.Person@example.org');
    await run(line('Ana', 1, 'x'), { ...target, into: [...target.into, 'other.person@EXAMPLE.org'] });
    expect(
      await postgres
        .database()
        .query('SELECT role FROM memberships WHERE conversation_id = $1 AND user_id = $2 AND left_at IS NULL', [
          first.conversation,
          other,
        ]),
    ).toEqual([{ role: 'member' }]);
  });

  test('two imports of the same at once: the second is told so', async () => {
    const target = await group();
    let second: unknown;
    await run(line('Ana', 1, 'x'), target, (real) => ({
      ...real,
      async push(pushed) {
        second = await run(line('Ana', 1, 'x'), target).catch((error: unknown) => error);
        return real.push(pushed);
      },
    }));
    expect(second).toBeInstanceOf(ImportProblem);
    expect(target.owner).toBeTypeOf('string');
  });

  test('once people have written into the group, what is imported later is unread to them as anything else', async () => {
    const target = await group();
    const database = postgres.database();
    const { conversation } = await run(line('Ana', day(1, 1), 'one'), target);
    const place = () =>
      database.query<{ joined_seq: number }>(
        'SELECT joined_seq FROM memberships WHERE conversation_id = $1 AND user_id = $2',
        [conversation, target.owner],
      );
    const before = await place();
    await database.query(
      `INSERT INTO replicas (replica, user_id, granted_by) VALUES ((SELECT max(replica) + 1000 + $2::int FROM replicas), $1, 'block')`,
      [target.owner, titles],
    );
    await database.query(
      `INSERT INTO replica_clocks SELECT $1, '2024-02', max(replica), 1 FROM replicas WHERE user_id = $2`,
      [conversation, target.owner],
    );
    expect(await run([line('Ana', day(1, 1), 'one'), line('Ana', day(1, 5), 'two')].join('\n'), target)).toMatchObject({
      imported: 1,
    });
    expect(await place()).toEqual(before);
  });
});
