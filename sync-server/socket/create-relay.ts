import { createCore } from '../relay/create-core.ts';
import type { Relay, RelayDeps } from '../relay/relay.ts';
import { createDeviceDoor } from './accept-device.ts';
import { createAcceptor } from './accept.ts';
import { createStockDoor } from './stock/stock-door.ts';

/**
 * Composes the relay: its core, the sockets of devices, and the stock endpoint. Several live in one process without knowing of each other.
 * Rejects when the database cannot be reached.
 */
export async function createRelay(deps: RelayDeps): Promise<Relay> {
  const core = await createCore(deps);
  const devices = createDeviceDoor(core, deps);
  const stock = createStockDoor(core, deps);
  const acceptor = createAcceptor(core, deps, devices, stock);
  return {
    attach: acceptor.attach,
    relationalChange: core.relationalChange,
    endDevice: core.endDevice,
    endSession: core.endSession,
    dropMember: core.dropMember,
    push: core.intake.push,
    async close() {
      acceptor.close();
      await Promise.all([devices.close(), stock.close()]);
      await core.close();
    },
  };
}
