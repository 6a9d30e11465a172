/**
 * What every act of the store is given, and the two ways in which they reach the database. An act is one transaction; what it
 * changed is told after the commit and never when it failed.
 */
import type { UserId } from '#schema/ids.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { DamageReports } from './damage-reports.ts';
import type { StoreChange } from './device-store.ts';
import type { Databases, DeviceDatabase, TableName } from './open-database.ts';
import type { SegmentNumbers } from './segment-numbers.ts';
import type { Upkeep } from './upkeep.ts';

export interface StoreContext {
  readonly databases: Databases;
  readonly user: UserId;
  readonly feed: ChangeFeed;
  readonly damage: DamageReports;
  readonly upkeep: Upkeep;
  readonly segmentNumbers: SegmentNumbers;
  /** The device's clock, ms. */
  readonly now: () => number;
}

/** Inside a transaction. */
export interface Transaction {
  readonly db: DeviceDatabase;
  readonly context: StoreContext;
}

/** Inside a transaction that writes. */
export interface WriteTransaction extends Transaction {
  /** Notes what changes, to be told once it is committed. */
  tell(change: StoreChange): void;
}

/** Reads in one transaction: all it sees belongs together. */
export async function read<T>(
  context: StoreContext,
  tables: readonly TableName[],
  body: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const db = context.databases.relaxed;
  // Written as an async function: by that Dexie knows to follow native promises.
  const result = await db.transaction('r', [...tables], async () => body({ db, context }));
  await context.damage.settle(context.databases);
  return result;
}

/** Writes in one transaction: all of it or nothing. `strict`: resolved means on the disk, as far as the browser can promise. */
export async function write<T>(
  context: StoreContext,
  durability: 'strict' | 'relaxed',
  tables: readonly TableName[],
  body: (transaction: WriteTransaction) => Promise<T>,
): Promise<T> {
  const db = context.databases[durability];
  const changes: StoreChange[] = [];
  const result = await db.transaction('rw', [...tables], async () =>
    body({ db, context, tell: (change) => void changes.push(change) }),
  );
  context.feed.tell(gathered(changes));
  await context.damage.settle(context.databases);
  return result;
}

/** The same changes with one entry for each thing. */
function gathered(changes: readonly StoreChange[]): StoreChange[] {
  const byThing = new Map<string, StoreChange>();
  for (const change of changes) {
    const key =
      change.what === 'segment'
        ? `segment ${change.conversation} ${change.segment}`
        : change.what === 'members'
          ? `members ${change.conversation}`
          : change.what;
    const before = byThing.get(key);
    byThing.set(key, before ? merged(before, change) : change);
  }
  return [...byThing.values()];
}

function merged(one: StoreChange, other: StoreChange): StoreChange {
  if (one.what === 'segment' && other.what === 'segment') {
    return { ...one, rows: [...one.rows, ...other.rows], whole: one.whole || other.whole };
  }
  if (one.what === 'conversations' && other.what === 'conversations') {
    return { what: 'conversations', ids: [...new Set([...one.ids, ...other.ids])] };
  }
  return one;
}
