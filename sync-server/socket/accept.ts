import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { RelayCore } from '../relay/create-core.ts';
import type { RelayDeps } from '../relay/relay.ts';
import type { StockEndpoint } from '../relay/stock/ports.ts';
import type { DeviceDoor } from './accept-device.ts';
import { createHandshake, type SessionSocket } from './session-socket.ts';

/** Handshakes under way at once; above it a socket is told to come back before anything is looked up for it. */
const mostUnderWay = 2_000;

export interface Acceptor {
  attach(server: Server): void;
  /** From here on no socket is accepted. */
  close(): void;
}

/**
 * Takes over HTTP upgrades: to `/socket` for devices, to `/y/…` for stock providers. Origin and session are checked first, and a refused
 * socket is accepted all the same, to be closed with a code that says why (S1): a refused handshake looks like a broken network.
 */
export function createAcceptor(core: RelayCore, deps: RelayDeps, devices: DeviceDoor, stock: StockEndpoint): Acceptor {
  const handshake = createHandshake();
  const servers = new Set<Server>();
  let underWay = 0;
  let closed = false;

  async function device(request: IncomingMessage, raw: Duplex, head: Buffer): Promise<void> {
    const accept = (done: (ws: SessionSocket) => void): void => handshake(request, raw, head, done);
    if (!deps.allowedOrigin(request))
      return accept((ws) => ws.refuse(CLOSE.notSignedIn, 'The page is another site’s.'));
    const since = core.online.moment();
    const who = await deps.sessionOf(request);
    if (raw.destroyed) return;
    accept((ws) => {
      if (closed) ws.refuse(CLOSE.goingAway, 'The server goes down.');
      else if (who === null) ws.refuse(CLOSE.notSignedIn, 'Please sign in.');
      else devices.serve(ws, raw, who, since);
    });
  }

  function onUpgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    // Whatever happens to the connection meanwhile shows when it is used.
    raw.on('error', ignore);
    if (underWay >= mostUnderWay) return refuseUpgrade(raw, '503 Service Unavailable');
    const [path = ''] = (request.url ?? '').split('?');
    if (path.startsWith('/y/')) return stock.upgrade(request, raw, head);
    if (path !== '/socket') return refuseUpgrade(raw, '404 Not Found');
    underWay++;
    device(request, raw, head)
      .catch((error: unknown) => {
        deps.logger.warn({ err: error }, 'a socket could not be accepted');
        refuseUpgrade(raw, '503 Service Unavailable');
      })
      .finally(() => {
        underWay--;
        raw.off('error', ignore);
      });
  }

  return {
    attach(server) {
      servers.add(server);
      server.on('upgrade', onUpgrade);
    },
    close() {
      closed = true;
      for (const server of servers) {
        server.off('upgrade', onUpgrade);
        server.on('upgrade', (_request, raw) => refuseUpgrade(raw, '503 Service Unavailable'));
      }
    },
  };
}

function refuseUpgrade(raw: Duplex, status: string): void {
  raw.on('error', ignore);
  if (!raw.destroyed) raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function ignore(): void {
  // The connection is gone: nothing to do.
}
