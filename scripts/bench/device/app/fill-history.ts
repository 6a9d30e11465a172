/** A person with an account and a group whose history was imported, as a new device finds them. */
import { randomUUID } from 'node:crypto';
import { Me } from '#schema/http/accounts.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import { createWriter } from '#server/relay/create-writer.ts';
import { openDatabase } from '#server/store/database.ts';
import { generateConversation } from '../../../generate/conversation.ts';
import { importFile } from '../../../import/import-file.ts';
import type { RowFigures } from '../figures.ts';

/** Somebody to sign in as, and what they will see. */
export interface FilledAccount {
  readonly user: UserId;
  readonly email: string;
  readonly password: string;
  readonly conversation: ConversationId;
  readonly messages: number;
  readonly segments: number;
  /** The text of the newest message. */
  readonly newestText: string;
}

const WRITERS = 24;
const MONTH_MS = 30 * 86_400_000;

/** Signs up at the server, and imports the messages beside it into the same database. */
export async function fillHistory(
  url: string,
  databaseUrl: string,
  { messages, months }: RowFigures['history'],
): Promise<FilledAccount> {
  const email = `bench-${randomUUID()}@example.org`;
  const password = 'correct horse battery';
  const user = await signUp(url, { name: 'Bench', email, password });
  const to = Date.now() - 60_000;
  const plan = { seed: 6, messages, writers: WRITERS, from: to - months * MONTH_MS, to };
  const segments = new Set<string>();
  let newestText = '';
  async function* lines() {
    for (const message of generateConversation(plan)) {
      const at = Math.min(message.at, to);
      segments.add(new Date(at).toISOString().slice(0, 7));
      newestText = message.text;
      yield Buffer.from(`${JSON.stringify({ ...message, at })}\n`);
    }
  }
  const conversation = await importLines(databaseUrl, email, lines());
  return { user, email, password, conversation, messages, segments: segments.size, newestText };
}

async function signUp(url: string, request: { name: string; email: string; password: string }): Promise<UserId> {
  const answer = await fetch(`${url}/api/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  if (!answer.ok) throw new Error(`signing up was answered with ${answer.status}`);
  return Me.parse(await answer.json()).user.id;
}

async function importLines(url: string, email: string, chunks: AsyncIterable<Uint8Array>): Promise<ConversationId> {
  const logger = createLogger('error');
  const database = openDatabase({ url, poolSize: 4, logger });
  const relay = await createWriter({ database, logger, metrics: createMetrics({ process: false }), now: Date.now });
  const report = {
    progress: () => undefined,
    merging: () => undefined,
    badLine(number: number, reason: string) {
      throw new Error(`message ${number} was not imported: ${reason}`);
    },
  };
  try {
    const stop = new AbortController().signal;
    const deps = { database, relay, now: Date.now, report };
    return (await importFile(deps, { chunks, title: 'Long history', into: [email], stop })).conversation;
  } finally {
    await relay.close();
    await database.close();
  }
}
