/** The two things that only rise: n, the number of each row of updates, and the next clock of an own replica in a segment. */
import type { ReplicaId } from '#schema/ids.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { ClockRow, CounterRow, MergedRow } from './database-rows.ts';
import { parsed, updateRows } from './read-rows.ts';
import type { Transaction } from './store-context.ts';

/** The last number given to a row. Needs `meta`. */
export async function lastN(transaction: Transaction): Promise<number> {
  const raw = await transaction.db.meta.get('counter');
  const counter = parsed(transaction, 'meta', 'counter', CounterRow, raw);
  // A broken counter starts above the time in µs, which no count of rows reaches.
  return counter?.n ?? (raw === undefined ? 0 : transaction.context.now() * 1_000);
}

/** Takes `count` numbers for rows; gives the first. Needs `meta`. `known`: the last number, when this transaction has just read it. */
export async function takeN(transaction: Transaction, count: number, known?: number): Promise<number> {
  const last = known ?? (await lastN(transaction));
  await transaction.db.meta.put({ key: 'counter', n: last + count });
  return last + 1;
}

/** The clock the next event of an own replica gets. Needs `clocks`, `merged`, `rows`. */
export async function nextClock(transaction: Transaction, s: number, replica: ReplicaId): Promise<number> {
  const raw = await transaction.db.clocks.get([s, replica]);
  return parsed(transaction, 'clocks', [s, replica], ClockRow, raw)?.next ?? rebuiltClock(transaction, s, replica);
}

/** The next clock as the stored events tell it: for the first event of a replica in a segment, and after damage. */
export async function rebuiltClock(transaction: Transaction, s: number, replica: ReplicaId): Promise<number> {
  const merged = parsed(transaction, 'merged', s, MergedRow, await transaction.db.merged.get(s));
  let next = merged?.clocks[String(replica)] ?? 0;
  for (const row of await updateRows(transaction, s, 0)) {
    for (const { bytes } of row.updates) {
      for (const element of decodeUpdate(bytes).elements) {
        if (element.replica === replica) next = Math.max(next, element.clock + 1);
      }
    }
  }
  return next;
}
