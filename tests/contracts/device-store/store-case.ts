import type { DeviceStore } from '#client/store/device-store.ts';

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
