/** A conversation of several months, written through the relay by several members, with generated texts as long as the load's. */
import { segmentOf, type ConversationId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { generateConversation } from '../../generate/conversation.ts';
import type { BenchDatabase } from '../bench-database.ts';
import { connectDevice } from './bench-device.ts';
import { makeGroup, makeMembers } from './make-crowd.ts';
import { BENCH_SECRET } from './peers/ours.ts';

const WRITERS = 8;
const MONTHS = 24;
/** Characters of a message at the most: those of `textOf`. */
const LENGTH = 50;

/** Writes `count` messages over the last two years. Gives the conversation, and the cookie of a member who wrote none of it. */
export async function fillConversation(
  port: number,
  database: BenchDatabase,
  count: number,
): Promise<{ readonly conversation: ConversationId; readonly cookie: string }> {
  const members = await makeMembers(database.pool, WRITERS + 1, BENCH_SECRET);
  const conversation = await makeGroup(
    database.pool,
    members.map(({ user }) => user),
  );
  let waiting = 0;
  let wake: () => void = () => undefined;
  const onAck = (): void => {
    waiting--;
    wake();
  };
  const writers = await Promise.all(members.slice(1).map((member) => connectDevice(port, member, null, { onAck })));
  const to = Date.now() - 60_000;
  const plan = { seed: 1, messages: count, writers: WRITERS, from: to - MONTHS * 30 * 86_400_000, to };
  const names = new Map<string, number>();
  const start = performance.now();
  let sent = 0;
  for (const { at, from, text } of generateConversation(plan)) {
    if (!names.has(from)) names.set(from, names.size);
    // The busiest writer must stay below what a session may send.
    const aheadMs = (sent++ / LIMITS.updatesPerSecond) * 1_000 - (performance.now() - start);
    if (aheadMs > 50) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    while (waiting >= LIMITS.pushesInFlight) await new Promise<void>((resolve) => (wake = resolve));
    waiting++;
    writers[(names.get(from) ?? 0) % WRITERS]?.send(conversation, text.slice(0, LENGTH), {
      at: Math.min(at, to),
      segment: segmentOf(Math.min(at, to)),
    });
  }
  while (waiting > 0) await new Promise<void>((resolve) => (wake = resolve));
  for (const writer of writers) writer.close();
  return { conversation, cookie: members[0]?.cookie ?? '' };
}
