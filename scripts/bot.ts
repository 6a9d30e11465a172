/**
 * A small example bot on the stock y-websocket provider: it signs in with an account's email and password, follows the current month of one
 * conversation, and answers "ping" with "pong".
 *
 * 1. Make an account for it, and add that person to a group, as one adds anybody:
 *      curl -H 'Content-Type: application/json' http://localhost:3000/api/sign-up \
 *        -d '{"name":"Ping","email":"ping@example.org","password":"a long password"}'
 * 2. Take the conversation's id from its address, /c/{conversationId}, and start the bot:
 *      BOT_PASSWORD='a long password' node --import tsx scripts/bot.ts \
 *        --url http://localhost:3000 --email ping@example.org --conversation 3d6f0a54-8a43-4f0e-9a4e-3a86a5b7d1c2
 *
 * What there is to know when writing another:
 * - A month is one Y.Doc with one Y.Array named "log" of plain JSON events (schema/segment/events.ts). Append only: the relay ends the
 *   socket (4422) of who deletes, inserts, or writes anything else.
 * - An event stands in the month of its `at` and names its author in `by`; the relay checks both (D5, R5).
 * - The clientID of the Y.Doc is granted to the account at the first update, at most 100 a day (P4). One for each start of the program
 *   is right; never use one again after its document was lost.
 * - The provider reconnects by itself, except after the codes 4400 to 4499, which are final (schema/wire/close-reasons.ts).
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { ConversationId } from '#schema/ids.ts';
import { startPingBot } from './bot/ping-bot.ts';
import { signIn } from './bot/sign-in.ts';

const Options = z.object({
  url: z.url({ protocol: /^https?$/ }).default('http://localhost:3000'),
  email: z.string({ error: 'the bot’s email' }),
  conversation: ConversationId,
  password: z.string({ error: 'set BOT_PASSWORD: a command line is seen by everybody on the machine' }),
});

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { url: text, email: text, conversation: text } });
const options = Options.safeParse({ ...values, password: process.env['BOT_PASSWORD'] });
if (!options.success) {
  console.error(z.prettifyError(options.error));
  process.exit(2);
}

const { url, email, password, conversation } = options.data;
const session = await signIn(url, email, password);
const bot = startPingBot({
  url,
  session,
  conversation,
  replica: randomInt(1, 0xffff_ffff),
  now: Date.now,
  onReady: () => console.log('listening for "ping"'),
  onRefused(code, reason) {
    console.error(`the server refuses the bot: ${code} ${reason}`);
    bot.close();
    process.exitCode = 1;
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => bot.close());
