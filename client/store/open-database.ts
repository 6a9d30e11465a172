/**
 * The device's database: its tables with the history of their form, and how it is opened. It is opened twice: Dexie gives all
 * transactions of an instance the same durability, and own writes must be strict (R2) while what the relay has can be fetched again.
 */
import { Dexie, type Table } from 'dexie';
import type {
  ClockRow,
  CommandRow,
  ConversationRow,
  CounterRow,
  DamagedTableRow,
  DeviceRow,
  FailedRow,
  MemberRow,
  MergedRow,
  OutboxRow,
  PersonRow,
  RefusalRow,
  ReplicaRow,
  SegmentRowHead,
  UnreadRow,
} from './database-rows.ts';

/** The tables. Values are typed as they were written; what is read is parsed first (read-rows.ts). */
export interface Tables {
  meta: Table<DeviceRow | CounterRow, string>;
  conversations: Table<ConversationRow, string>;
  people: Table<PersonRow, string>;
  members: Table<MemberRow, [string, string]>;
  segments: Table<SegmentRowHead, number, Omit<SegmentRowHead, 's'>>;
  merged: Table<MergedRow, number>;
  /** Packed blocks (segment-block.ts), by [s, block id]. */
  blocks: Table<Uint8Array, [number, number]>;
  /** Packed updates (update-row.ts), by [s, n]. */
  rows: Table<Uint8Array, [number, number]>;
  outbox: Table<OutboxRow, number, Omit<OutboxRow, 'n'> & { n?: number }>;
  clocks: Table<ClockRow, [number, number]>;
  unread: Table<UnreadRow, number>;
  failed: Table<FailedRow, [string, string]>;
  commands: Table<CommandRow, number, Omit<CommandRow, 'n'>>;
  refusals: Table<RefusalRow, number, Omit<RefusalRow, 'n'>>;
  replicas: Table<ReplicaRow, number>;
  damaged: Table<DamagedTableRow, number>;
}

export type TableName = keyof Tables;
export type DeviceDatabase = Dexie & Tables;

/** Where the database lives: the browser's IndexedDB, or a stand-in in memory. */
export interface DatabaseEnvironment {
  readonly indexedDB: IDBFactory;
  readonly IDBKeyRange: typeof IDBKeyRange;
}

/** Both doors to the one database. */
export interface Databases {
  readonly strict: DeviceDatabase;
  readonly relaxed: DeviceDatabase;
}

/** Why a database that was open is no more. `upgraded`: another tab runs a newer version of the app. */
export type DatabaseEnd = 'upgraded' | 'erased';

/**
 * The history of the tables. A version that was published is never changed; a new one is added below it, with an upgrade where
 * rows have to change. TABLES_VERSION is the newest: the first list of conversations is read from that alone.
 *
 * 1  the first
 */
function declareVersions(database: Dexie): void {
  database.version(1).stores({
    meta: 'key',
    conversations: 'id',
    people: 'id',
    members: '[conversation+user]',
    segments: '++s, &[conversation+segment]',
    merged: 's',
    // Keys beside the value: a third less on the disk than in it (measured: 138 bytes a row instead of 166).
    blocks: '',
    rows: '',
    outbox: '++n, conversation',
    clocks: '[s+replica]',
    unread: 's, conversation',
    failed: '[conversation+id]',
    commands: '++n',
    refusals: '++n',
    replicas: 'replica',
    damaged: '++',
  });
}

/**
 * Opens a user's database, making or upgrading it where needed.
 * @param blocked called when an upgrade waits for other tabs to let go.
 * @param ended called once when another tab upgrades or erases the database; it is closed then and does not come back by itself.
 * Throws what IndexedDB throws when there is no storage to be had.
 */
export async function openDatabases(
  name: string,
  environment: DatabaseEnvironment,
  events: { blocked(): void; ended(why: DatabaseEnd): void },
): Promise<Databases> {
  const strict = instance(name, environment, 'strict');
  const relaxed = instance(name, environment, 'relaxed');
  let over = false;
  for (const database of [strict, relaxed]) {
    database.on('blocked', () => events.blocked());
    database.on('versionchange', (event) => {
      // Let go at once: the other tab waits. Without auto-open a closed instance never makes an erased database anew.
      database.close();
      if (!over) events.ended(event.newVersion === null || event.newVersion === 0 ? 'erased' : 'upgraded');
      over = true;
      // Dexie's own answer, which would let the next act make the database anew, is left out.
      return false;
    });
  }
  try {
    await strict.open();
    await relaxed.open();
  } catch (error) {
    strict.close();
    relaxed.close();
    throw error;
  }
  return { strict, relaxed };
}

function instance(name: string, environment: DatabaseEnvironment, durability: 'strict' | 'relaxed'): DeviceDatabase {
  const database = new Dexie(name, {
    indexedDB: environment.indexedDB,
    IDBKeyRange: environment.IDBKeyRange,
    chromeTransactionDurability: durability,
    autoOpen: false,
    cache: 'disabled',
  });
  declareVersions(database);
  return database as DeviceDatabase;
}
