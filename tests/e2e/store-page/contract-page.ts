/** A page that runs the contract's cases on the browser's own IndexedDB, one at a time, by name. */
import { deviceStoreContract } from '#tests/contracts/device-store/contract.ts';
import { createKit } from '#tests/contracts/device-store/kit.ts';

declare global {
  interface Window {
    /** Resolves with null, or with what went wrong. */
    runCase(name: string): Promise<string | null>;
  }
}

window.runCase = async (name) => {
  const found = deviceStoreContract.find((one) => one.name === name);
  if (!found) return `there is no case called ${name}`;
  const { kit, close } = createKit({ indexedDB, IDBKeyRange }, IDBDatabase.prototype);
  try {
    await found.run(kit);
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    await close();
  }
};
