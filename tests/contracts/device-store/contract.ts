/** What every DeviceStore must keep, wherever its database lives. One list of cases, run in Node and in Chromium. */
import type { DeviceStore } from '#client/store/device-store.ts';
import { commandCases } from './command-cases.ts';
import { damageCases } from './damage-cases.ts';
import { deltaCases } from './delta-cases.ts';
import { hydrationCases } from './hydration-cases.ts';
import { outboxCases } from './outbox-cases.ts';
import { ownEventCases } from './own-event-cases.ts';
import { repairCases } from './repair-cases.ts';
import { summaryCases } from './summary-cases.ts';
import { tabCases } from './tab-cases.ts';

/** One database in the making, for one case. */
export interface StoreKit {
  /** Opens a store on the case's database: again, another tab of the same device. Each is closed after the case. */
  open(): Promise<DeviceStore>;
  /** The durability of each transaction that wrote so far. */
  written(): readonly string[];
  /** Forgets what was written so far. */
  forgetWritten(): void;
  /** The database itself, beneath the store; a connection of its own. */
  raw<T>(mode: IDBTransactionMode, table: string, act: (table: IDBObjectStore) => IDBRequest<T>): Promise<T>;
  /** Why stores were ended from outside. */
  readonly ended: readonly string[];
  /** The tables of rows that were set aside. */
  readonly damaged: readonly string[];
}

export interface StoreCase {
  readonly name: string;
  run(kit: StoreKit): Promise<void>;
}

export const deviceStoreContract: readonly StoreCase[] = [
  ...ownEventCases,
  ...outboxCases,
  ...deltaCases,
  ...hydrationCases,
  ...repairCases,
  ...summaryCases,
  ...commandCases,
  ...damageCases,
  ...tabCases,
];
