import { searchScan } from '#client/readers/search-scan.ts';
import { percentile } from '../../statistics.ts';
import { openStore, userId } from './bench-store.ts';
import { messagesOf } from './fill.ts';
import type { Figures, FillPlan, Place } from './questions.ts';

/** Hits asked for, as the app asks. */
const LIMIT = 50;

/** Searches one after the other in what `fill` put there, by the same plan. ms; `hits` in all. */
export async function measureSearch({ user }: Place, plan: FillPlan, count: number): Promise<Figures> {
  const store = await openStore(user);
  const times: number[] = [];
  let hits = 0;
  for (const query of queriesOf(plan, count)) {
    const before = performance.now();
    hits += (await searchScan(store, userId(user), { query, conversation: null, limit: LIMIT })).length;
    times.push(performance.now() - before);
  }
  await store.close();
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), hits };
}

/** What people look for, in turns: a word somebody wrote, two words of one message, a word everybody uses, a word nobody wrote. */
function queriesOf(plan: FillPlan, count: number): string[] {
  const queries: string[] = [];
  for (const { text } of messagesOf(plan)) {
    const words = text.split(/[^\p{L}]+/u).filter((word) => word.length > 5);
    const kind = queries.length % 4;
    if (kind === 2) queries.push('meeting');
    else if (kind === 3) queries.push(`zzq${'abcdefgh'.charAt(queries.length % 8)}x`);
    else if (words.length > kind) queries.push(words.slice(0, kind + 1).join(' '));
    if (queries.length === count) break;
  }
  return queries;
}
