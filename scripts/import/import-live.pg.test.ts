import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { segmentOf, type UserId } from '#schema/ids.ts';
import { readConfig } from '#server/config.ts';
import { createSyncServer } from '#server/create-sync-server.ts';
import { listen } from '#server/listen.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import { createWriter } from '#server/relay/create-writer.ts';
import { createHttpClient } from '#tests/support/http-app.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { followSegment } from '../bot/follow-segment.ts';
import { importFile } from './import-file.ts';
import { importedConversationId } from './import-ids.ts';

describePostgres('an import beside a running server', (postgres) => {
  const opened: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  test('who is online sees every message arrive, once', async () => {
    const config = readConfig({ LOG_LEVEL: 'silent', PORT: '0' }, '/');
    const server = await createSyncServer({
      config,
      database: postgres.database(),
      logger: createLogger('silent'),
      sessionSecret: 'the same secret for all servers of the tests',
      passwordCost: 4,
    });
    opened.push(() => server.close());
    const url = `http://127.0.0.1:${await listen(server.http, config.host, 0)}`;
    const client = createHttpClient(url);
    const email = `${randomUUID()}@example.org`;
    await client.request('POST', '/api/sign-up', { name: 'Ana', email, password: 'correct horse' });

    const at = Date.now() - 60_000;
    const segment = segmentOf(at);
    const lines = Array.from({ length: 1_200 }, (_, i) =>
      JSON.stringify({ at, from: `Person ${i % 7}`, text: `message ${i}` }),
    );
    const run = async (count: number) => {
      const relay = await createWriter({
        database: postgres.database(),
        logger: createLogger('silent'),
        metrics: createMetrics({ process: false }),
        now: Date.now,
      });
      async function* chunks() {
        yield Buffer.from(lines.slice(0, count).join('\n'));
      }
      const report = { progress: () => undefined, badLine: () => undefined, merging: () => undefined };
      const stop = new AbortController().signal;
      const summary = await importFile(
        { database: postgres.database(), relay, now: Date.now, report },
        { chunks: chunks(), title: 'Live', into: [email], stop },
      );
      await relay.close();
      return summary;
    };

    await run(1);
    const seen: string[] = [];
    const synced = new Promise<void>((resolve, reject) => {
      const followed = followSegment({
        url,
        cookie: client.cookie ?? '',
        conversation: importedConversationId('Live', email),
        segment,
        replica: 4_000_000_001,
        user: randomUUID() as UserId,
        onMessage: (_id, message) => seen.push(message.text),
        onSynced: resolve,
        onRefused: (code) => reject(new Error(`refused: ${code}`)),
      });
      opened.push(() => followed.close());
    });
    await synced;
    expect(await run(lines.length)).toMatchObject({ imported: lines.length - 1, alreadyThere: 1 });
    await expect.poll(() => seen.length, { timeout: 15_000 }).toBe(lines.length - 1);
    expect(new Set(seen).size).toBe(lines.length - 1);
  });
});
