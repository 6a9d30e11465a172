import { CLOSE } from '#schema/wire/close-reasons.ts';
import { createCore } from '../relay/create-core.ts';
import type { Relay, RelayDeps } from '../relay/relay.ts';
import { createStockEndpoint } from '../relay/stock/stock-endpoint.ts';
import { createDeviceDoor } from './accept-device.ts';
import { createAcceptor } from './accept.ts';
import { createMeter } from './meter.ts';
import { createStockStore } from './stock-store.ts';

/**
 * Composes the relay: its core, the sockets of devices, and the stock endpoint. Several live in one process without knowing of each other.
 * Rejects when the database cannot be reached.
 */
export async function createRelay(deps: RelayDeps): Promise<Relay> {
  const core = await createCore(deps);
  const { online, commits, figures, waits } = core;
  const devices = createDeviceDoor(core, deps);
  const stock = createStockEndpoint({
    ...deps,
    store: createStockStore(deps, core),
    online,
    commits,
    figures,
    meter: createMeter(deps.elapsed ?? (() => performance.now())),
    awarenessMs: waits.awarenessMs,
  });
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
      for (const socket of online.sockets()) socket.end(CLOSE.goingAway, 'The server goes down.');
      await online.emptied();
      devices.close();
      stock.close();
      await core.close();
    },
  };
}
