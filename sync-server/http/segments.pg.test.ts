import express from 'express';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ErrorAnswer } from '#schema/http/error-answer.ts';
import { SegmentList } from '#schema/http/conversations.ts';
import type { UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { decodeBundle } from '#schema/segment/segment-bundle.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { playActs, testReplicas, testSegment, type Act } from '#tests/support/segment-history.ts';
import { commitRows, readUpdates, storeConversation } from '#tests/support/stored-segment.ts';
import { createLogger } from '../logger.ts';
import { createMetrics } from '../metrics.ts';
import { createSnapshots, type Snapshots } from '../snapshots/create-snapshots.ts';
import { firstConversation } from '../store/unmerged-segments.ts';
import { createErrorHandler } from './answer-error.ts';
import { createSegmentRoutes } from './segments.ts';

const said = (text: string, replica = 1): Act => ({ act: 'append', replica, texts: [text] });

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** As it came over the wire. */
  readonly body: Buffer;
}

describePostgres('the routes of segments', (postgres) => {
  let server: Server;
  let snapshots: Snapshots;
  let now = 0;

  beforeAll(async () => {
    const logger = createLogger('silent');
    snapshots = createSnapshots({
      database: postgres.database(),
      logger,
      logLevel: 'silent',
      metrics: createMetrics({ process: false }),
      now: () => Date.now(),
      start: firstConversation,
      turnEvery: 0,
    });
    const app = express();
    app.use((request, _response, next) => {
      // What the session's middleware would find: the test names its user in a header.
      const user = request.get('x-user');
      if (user)
        Object.assign(request, { session: { principal: { user, device: null } }, sessionID: `session of ${user}` });
      next();
    });
    const metrics = createMetrics({ process: false });
    app.use(
      '/api/conversations',
      createSegmentRoutes({ database: postgres.database(), snapshots, metrics, now: () => now }),
    );
    app.use(createErrorHandler(logger));
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await snapshots.close();
    await new Promise((resolve) => server.close(resolve));
  });

  function get(path: string, user: UserId | null, headers: Record<string, string> = {}): Promise<Answer> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const all = { 'accept-encoding': 'gzip', ...(user && { 'x-user': user }), ...headers };
      const sent = httpRequest(
        { port, host: '127.0.0.1', path: `/api/conversations/${path}`, headers: all, agent: false },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
          );
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end();
    });
  }

  async function stored(history: readonly Act[]) {
    const made = await storeConversation(postgres.database(), testReplicas);
    const played = playActs(history, { replica: made.replica });
    await commitRows(postgres.database(), made, played.rows);
    return {
      ...made,
      ...played,
      key: { conversation: made.conversation, segment: testSegment },
      bundle: `${made.conversation}/segments/${testSegment}`,
    };
  }

  const codeOf = (answer: Answer): string => ErrorAnswer.parse(JSON.parse(answer.body.toString())).error.code;

  test('[C6] the list names head and segments as of one moment, newest first, whether merged or not', async () => {
    const made = await stored([said('one'), said('two')]);
    await snapshots.merge(made.key);
    const more = playActs([said('one'), said('two'), said('three', 2)], { replica: made.replica }).rows[2];
    await commitRows(postgres.database(), made, more ? [more, { ...more, segment: '2026-12' as never }] : []);
    const list = SegmentList.parse(JSON.parse((await get(`${made.conversation}/segments`, made.user)).body.toString()));
    expect(list).toEqual({
      conversation: made.conversation,
      head: 4,
      segments: [
        { segment: '2026-12', lastSeq: 4, events: 1 },
        { segment: '2026-11', lastSeq: 3, events: 3 },
      ],
    });
  });

  test('a conversation without events has an empty list', async () => {
    const made = await stored([]);
    const list = SegmentList.parse(JSON.parse((await get(`${made.conversation}/segments`, made.user)).body.toString()));
    expect(list).toEqual({ conversation: made.conversation, head: 0, segments: [] });
  });

  test('a merged segment is served as it is stored, an unmerged one merged for the answer: the same events', async () => {
    const made = await stored([said('one'), said('two', 2), { act: 'delete', replica: 1, target: 1 }]);
    const before = await get(made.bundle, made.user);
    await snapshots.merge(made.key);
    const after = await get(made.bundle, made.user);
    const [row] = await postgres
      .database()
      .query<{ body: Buffer }>('SELECT body FROM snapshots WHERE conversation_id = $1', [made.conversation]);
    expect(after.body.equals(row?.body ?? Buffer.alloc(0))).toBe(true);
    for (const answer of [before, after]) {
      expect(answer).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'application/octet-stream',
          'content-encoding': 'gzip',
          'cache-control': 'private, no-cache',
        },
      });
      const bundle = decodeBundle(gunzipSync(answer.body));
      expect(bundle.throughSeq).toBe(4);
      expect(readUpdates([bundle.update])).toEqual(made.model);
    }
    expect(before.headers.etag).toBe(after.headers.etag);
  });

  test('who has it already is told so, until something is committed', async () => {
    const made = await stored([said('one')]);
    const first = await get(made.bundle, made.user);
    const again = { 'if-none-match': first.headers.etag ?? '' };
    expect(await get(made.bundle, made.user, again)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    await commitRows(
      postgres.database(),
      made,
      playActs([said('one'), said('two')], { replica: made.replica }).rows.slice(1),
    );
    const changed = await get(made.bundle, made.user, again);
    expect(changed.status).toBe(200);
    expect(changed.headers.etag).not.toBe(first.headers.etag);
    expect((await get(made.bundle, made.user, { 'if-none-match': changed.headers.etag ?? '' })).status).toBe(304);
  });

  test('[C5] another epoch of the database has other tags', async () => {
    const made = await stored([said('one')]);
    const before = (await get(made.bundle, made.user)).headers.etag;
    await postgres.database().query('UPDATE installation SET epoch = gen_random_uuid()');
    expect((await get(made.bundle, made.user)).headers.etag).not.toBe(before);
  });

  test('who cannot read gzip gets it plain', async () => {
    const made = await stored([said('one')]);
    const plain = await get(made.bundle, made.user, { 'accept-encoding': 'identity' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(readUpdates([decodeBundle(plain.body).update])).toEqual(made.model);
  });

  test('[R12] a removed member gets neither list nor segment, also with a tag; a stranger does not learn that they exist', async () => {
    const made = await stored([said('one')]);
    const etag = (await get(made.bundle, made.user)).headers.etag ?? '';
    const stranger = (await storeConversation(postgres.database(), 0)).user;
    for (const path of [made.bundle, `${made.conversation}/segments`]) {
      expect(codeOf(await get(path, stranger))).toBe('unknown-conversation');
      expect(await get(path, null)).toMatchObject({ status: 401 });
    }
    await postgres
      .database()
      .query('UPDATE memberships SET left_at = now() WHERE conversation_id = $1', [made.conversation]);
    for (const path of [made.bundle, `${made.conversation}/segments`]) {
      const answer = await get(path, made.user, { 'if-none-match': etag });
      expect(answer.status).toBe(403);
      expect(codeOf(answer)).toBe('not-a-member');
    }
  });

  test('what does not exist is not found', async () => {
    const made = await stored([said('one')]);
    for (const path of [
      `${made.conversation}/segments/2020-01`,
      `${made.conversation}/segments/2020-13`,
      'nonsense/segments',
      `${made.conversation}/segments/..%2f`,
    ]) {
      expect((await get(path, made.user)).status).toBe(404);
    }
  });

  test('a session that asks for too much waits', async () => {
    const made = await stored([said('one')]);
    const bytes = (await get(made.bundle, made.user)).body.length;
    // The bucket of bytes is large: one answer that is larger stands in for many.
    const big = Buffer.alloc(LIMITS.bytesBurst, 1);
    await snapshots.merge(made.key);
    await postgres
      .database()
      .query('UPDATE snapshots SET body = $2 WHERE conversation_id = $1', [made.conversation, big]);
    expect((await get(made.bundle, made.user)).body.length).toBe(big.length);
    const refused = await get(made.bundle, made.user);
    expect(refused.status).toBe(429);
    expect(codeOf(refused)).toBe('rate-limited');
    expect(bytes).toBeLessThan(1_000);
    now += Number(refused.headers['retry-after']) * 1_000;
    expect((await get(made.bundle, made.user)).status).toBe(200);
  });

  test('many who ask for the same at the same time share the work', async () => {
    const made = await stored(Array.from({ length: 200 }, (_, i) => said(`${i}`, 1 + (i % 4))));
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(made.bundle, made.user)));
    for (const answer of answers)
      expect(readUpdates([decodeBundle(gunzipSync(answer.body)).update])).toEqual(made.model);
  });
});
