import { randomInt, randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { segmentOf, type ConversationId } from '#schema/ids.ts';
import type { MessageEvent } from '#schema/segment/events.ts';
import { readConfig } from '#server/config.ts';
import { createSyncServer } from '#server/create-sync-server.ts';
import { listen } from '#server/listen.ts';
import { createLogger } from '#server/logger.ts';
import { createHttpClient } from '#tests/support/http-app.ts';
import { describePostgres } from '#tests/support/postgres.ts';
import { followSegment } from './follow-segment.ts';
import { startPingBot } from './ping-bot.ts';
import { signIn } from './sign-in.ts';

const password = 'correct horse';
const clientId = (): number => randomInt(1, 0xffff_ffff);

describePostgres('the ping bot', (postgres) => {
  const opened: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  async function start() {
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
    const person = async (name: string) => {
      const email = `${randomUUID()}@example.org`;
      await createHttpClient(url).request('POST', '/api/sign-up', { name, email, password });
      return { email, session: await signIn(url, email, password) };
    };
    return { url, person };
  }

  test('[Y1] it answers "ping" with "pong", as a reply, and nothing else', async () => {
    const { url, person } = await start();
    const [ana, ping] = [await person('Ana'), await person('Ping')];
    const client = createHttpClient(url);
    client.cookie = ana.session.cookie;
    const made = await client.request('POST', '/api/conversations', {
      kind: 'group',
      title: 'Bots',
      members: [ping.session.user],
    });
    const conversation = (made.body as { conversation: { id: ConversationId } }).conversation.id;

    const refused: number[] = [];
    await new Promise<void>((resolve) => {
      const bot = startPingBot({
        url,
        session: ping.session,
        conversation,
        replica: clientId(),
        now: Date.now,
        onReady: resolve,
        onRefused: (code) => refused.push(code),
      });
      opened.push(() => bot.close());
    });
    const answers: MessageEvent[] = [];
    const { user, cookie } = ana.session;
    let say: (text: string) => void = () => undefined;
    await new Promise<void>((resolve) => {
      const followed = followSegment({
        url,
        cookie,
        conversation,
        segment: segmentOf(Date.now()),
        replica: clientId(),
        user,
        onMessage: (_id, message) => answers.push(message),
        onSynced: resolve,
        onRefused: (code) => refused.push(code),
      });
      opened.push(() => followed.close());
      say = (text) => followed.append({ kind: 'message', by: user, at: Date.now(), text });
    });
    for (const text of ['hello', ' Ping ', 'pinging']) say(text);
    await expect.poll(() => answers.length, { timeout: 15_000 }).toBe(1);
    expect(answers[0]).toMatchObject({ by: ping.session.user, text: 'pong', replyTo: expect.stringMatching(/\.1$/) });
    say('ping');
    await expect.poll(() => answers.length, { timeout: 15_000 }).toBe(2);
    expect(refused).toEqual([]);
  });

  test('a wrong password is told in the server’s words', async () => {
    const { url, person } = await start();
    const { email } = await person('Ana');
    await expect(signIn(url, email, 'wrong password')).rejects.toThrow('Email or password is wrong.');
  });
});
