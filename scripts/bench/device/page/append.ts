import { segmentOf, type ReplicaId } from '#schema/ids.ts';
import { percentile } from '../../statistics.ts';
import { conversationId, introduce, openStore, userId } from './bench-store.ts';
import type { Figures, Place } from './questions.ts';

/** The replica the tab would lease. */
const OWN = 7 as ReplicaId;

/** Enter → strict-durable, each message after the one before. ms. */
export async function measureAppend({ user, conversation }: Place, count: number): Promise<Figures> {
  const store = await openStore(user);
  const id = conversationId(conversation);
  if (!(await store.conversation(id))) {
    await introduce(store, user, conversation, 0);
    await store.beginHydration(id, 0, []);
  }
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = Date.now();
    const text = `message ${String(i).padStart(5, '0')} of those that are timed here, dear`;
    const before = performance.now();
    await store.append(id, segmentOf(at), OWN, { kind: 'message', by: userId(user), at, text });
    times.push(performance.now() - before);
  }
  await store.close();
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}
