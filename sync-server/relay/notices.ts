/**
 * What nodes tell each other through the database they share: NOTIFY carries ids and numbers alone; whoever hears one reads what it is
 * about by cursor. A lost notice is found out, not waited for: each node numbers its own, names the last number whenever it says that it
 * is there, and hears itself; a hole, a node that fell silent, or a listening connection that was lost is a doubt, after which
 * everybody online here is told anew.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ConversationId, DeviceId, Seq, UserId } from '#schema/ids.ts';
import type { Logger } from '../logger.ts';
import type { Database, DatabaseSession } from '../store/database.ts';
import { listen, notify } from '../store/notify.ts';

/** What a notice may say; each part is a list, empty when left out. */
const Said = z.object({
  /** Conversations committed up to a seq, with the version of their members. */
  heads: z.array(z.tuple([ConversationId, Seq, z.string()])).optional(),
  /** Users for whom something relational changed. */
  users: z.array(UserId).optional(),
  /** Places in conversations that moved by a receipt. */
  places: z.array(z.tuple([ConversationId, UserId])).optional(),
  /** Members that were removed. */
  dropped: z.array(z.tuple([ConversationId, UserId])).optional(),
  devicesEnded: z.array(DeviceId).optional(),
  sessionsEnded: z.array(z.string()).optional(),
  /** Devices that have opened a socket at the node that says so, and when by its clock. */
  devicesHere: z.array(z.tuple([DeviceId, z.number()])).optional(),
  /** This node goes: its silence is no doubt. */
  leaving: z.literal(true).optional(),
});
export type Said = z.infer<typeof Said>;

const Notice = z.object({ node: z.string(), number: z.number().int(), said: Said.nullable() });

export interface Notices {
  /** Says something to the other nodes, soon, together with what else is to be said. */
  say(said: Said): void;
  /** Sends what is waiting, and stops. */
  close(): Promise<void>;
}

export interface NoticesDeps {
  readonly database: Database;
  readonly logger: Logger;
  /** For how long notices gather, ms. */
  readonly noticesMs: number;
  /** How often this node says that it is there, ms; a node silent for three times as long is taken for gone. */
  readonly presenceMs: number;
  /** Another node said something. */
  readonly heard: (said: Said) => void;
  /** Notices may have been lost. */
  readonly doubt: () => void;
}

const channel = 'chatsync';
/** For how long notices gather at a node that knows of no other, ms: a notice for each commit would cost it a tenth of its work. */
const aloneMs = 200;
/** PostgreSQL takes up to 8,000 bytes in one notice. */
const mostBytes = 7_000;

/** Begins to listen; rejects when the database cannot be reached. */
export async function createNotices(deps: NoticesDeps): Promise<Notices> {
  const { database, logger } = deps;
  const node = randomUUID();
  /** The last number of each node, and when it was heard of, by `performance.now`. */
  const heardOf = new Map<string, { number: number; at: number }>();
  let number = 0;
  let waiting: Said[] = [];
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> = Promise.resolve();
  let session: DatabaseSession | null = null;
  let opening: Promise<void> | null = null;
  let closed = false;

  function hear(payload: string): void {
    const parsed = Notice.safeParse(parseJson(payload));
    if (!parsed.success) return logger.warn('a notice of another node could not be read');
    const { node: who, number: theirs, said } = parsed.data;
    const before = heardOf.get(who);
    heardOf.set(who, { number: theirs, at: performance.now() });
    if (who === node) return;
    // Somebody new: so that they know of this node before its next turn comes.
    if (before === undefined) post(null);
    // A presence repeats the last number; anything else is the next one.
    const expected = said === null ? before?.number : (before?.number ?? theirs - 1) + 1;
    if (before !== undefined && theirs !== expected) deps.doubt();
    if (said?.leaving) heardOf.delete(who);
    else if (said !== null) deps.heard(said);
  }

  async function open(): Promise<void> {
    const opened = await listen(database, channel, hear);
    if (closed) return opened.release();
    // Found broken by its own silence or by an error, it is opened again; after a failure with the next presence.
    opened.onLost(() => {
      if (session === opened && !closed) reopen();
    });
    session = opened;
    heardOf.set(node, { number, at: performance.now() });
  }

  /** Opens the listening connection again if it was lost; what was said meanwhile is unknown. */
  function reopen(): void {
    session?.release();
    session = null;
    heardOf.clear();
    opening ??= open()
      .then(() => deps.doubt())
      .catch((error: unknown) => logger.warn({ err: error }, 'notices of other nodes cannot be heard'))
      .finally(() => (opening = null));
  }

  function post(said: Said | null): void {
    if (said !== null) number++;
    const payload = JSON.stringify({ node, number, said });
    // One after the other, so that the numbers arrive in order. What fails is a hole, which the others find.
    sending = sending
      .then(() => notify(database, channel, payload))
      .catch((error: unknown) => logger.warn({ err: error }, 'a notice was not sent'));
  }

  function flush(): void {
    timer = null;
    const said = waiting;
    waiting = [];
    for (const notice of packNotices(said, mostBytes)) post(notice);
  }

  function presence(): void {
    const silentSince = performance.now() - 3 * deps.presenceMs;
    for (const [who, { at }] of heardOf) {
      if (at > silentSince) continue;
      heardOf.delete(who);
      // Whoever it was may have said something before it went that nobody heard; and who does not hear itself hears nobody.
      if (who === node) reopen();
      else deps.doubt();
    }
    if (session === null) reopen();
    post(null);
  }

  await open();
  post(null);
  const presenceTimer = setInterval(presence, deps.presenceMs);

  return {
    say(said) {
      if (closed) return;
      waiting.push(said);
      // Alone, nobody waits for it; should somebody have just come, they hear of it soon enough.
      timer ??= setTimeout(flush, heardOf.size > 1 ? deps.noticesMs : Math.max(aloneMs, deps.noticesMs));
    },
    async close() {
      closed = true;
      clearInterval(presenceTimer);
      if (timer) clearTimeout(timer);
      flush();
      post({ leaving: true });
      await Promise.all([sending, opening]);
      session?.release();
      session = null;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Puts what was said together into as few notices as fit; of a conversation only the highest seq remains. */
export function packNotices(said: readonly Said[], bytes: number): Said[] {
  const heads = new Map<string, [ConversationId, number, string]>();
  const lists = new Map<keyof Said, Map<string, unknown>>();
  for (const one of said) {
    for (const [conversation, seq, version] of one.heads ?? []) {
      if ((heads.get(conversation)?.[1] ?? -1) < seq) heads.set(conversation, [conversation, seq, version]);
    }
    for (const key of ['users', 'places', 'dropped', 'devicesEnded', 'sessionsEnded', 'devicesHere'] as const) {
      for (const value of one[key] ?? []) {
        const list = lists.get(key) ?? new Map<string, unknown>();
        lists.set(key, list.set(JSON.stringify(value), value));
      }
    }
  }
  const entries: [keyof Said, unknown][] = [...heads.values()].map((head) => ['heads', head]);
  for (const [key, list] of lists) for (const value of list.values()) entries.push([key, value]);
  const notices: Record<string, unknown[]>[] = [];
  let current: Record<string, unknown[]> | null = null;
  let size = 0;
  for (const [key, value] of entries) {
    const needs = JSON.stringify(value).length + 20;
    if (current === null || size + needs > bytes) {
      notices.push((current = {}));
      size = 0;
    }
    (current[key] ??= []).push(value);
    size += needs;
  }
  return notices;
}
