import { IDBDatabase, IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, test } from 'vitest';
import { deviceStoreContract } from '#tests/contracts/device-store/contract.ts';
import { createKit } from '#tests/contracts/device-store/kit.ts';

describe('the device store on fake-indexeddb', () => {
  test.each(deviceStoreContract.map((one) => [one.name, one] as const))('%s', async (_, { run }) => {
    const { kit, close } = createKit({ indexedDB: new IDBFactory(), IDBKeyRange }, IDBDatabase.prototype);
    try {
      await run(kit);
    } finally {
      await close();
    }
  });
});
