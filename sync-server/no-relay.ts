import type { Relay, RelayDeps } from './relay/relay.ts';

/** Stands where the relay will: takes no sockets. */
export function createRelay(_deps: RelayDeps): Relay {
  return {
    attach: (server) => void server.on('upgrade', (_request, socket) => socket.destroy()),
    relationalChange: () => undefined,
    endDevice: () => undefined,
    endSession: () => undefined,
    dropMember: () => undefined,
    push: () => Promise.reject(new Error('there is no relay yet')),
    close: () => Promise.resolve(),
  };
}
