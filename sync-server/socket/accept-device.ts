import type { Duplex } from 'node:stream';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { RelayCore } from '../relay/create-core.ts';
import type { RelayDeps, SignedIn } from '../relay/relay.ts';
import { createPullAnswers } from './answer-pulls.ts';
import { createCork } from './cork.ts';
import { DeviceSession, type SessionHandlers } from './device-session.ts';
import { createGreeting } from './greet.ts';
import { createFrameHandler } from './handle-frame.ts';
import type { SessionSocket } from './session-socket.ts';
import { tick } from './tick.ts';

/** Sockets on `/socket`. */
export interface DeviceDoor {
  /** Serves a socket whose handshake is done. `since`: the moment before its session was looked up. */
  serve(ws: SessionSocket, raw: Duplex, who: SignedIn, since: number): void;
  /** Stops the timer; the sockets have ended before. */
  close(): void;
}

export function createDeviceDoor(core: RelayCore, deps: RelayDeps): DeviceDoor {
  const { database, logger } = deps;
  const { online, figures, waits } = core;
  const now = deps.elapsed ?? (() => performance.now());
  const sessions = new Set<DeviceSession>();
  const pull = createPullAnswers(core, database, logger);
  const greet = createGreeting({ core, database, logger, wallClock: deps.now });
  const [sent, held] = [figures.deltas.labels('sent'), figures.deltas.labels('held')];

  const handlers: SessionHandlers = {
    now,
    received: createFrameHandler({ core, database, logger, now, greet, pull }),
    closed(session, code) {
      sessions.delete(session);
      online.leave(session);
      core.gone(session.device);
      figures.closed.inc({ code: String(code) });
    },
    drained(session) {
      core.refresher.device(session);
      pull(session);
    },
    delta: (outcome) => (outcome === 'sent' ? sent : held).inc(),
    cork: createCork(),
  };
  const timer = setInterval(() => {
    const at = now();
    for (const session of sessions) tick(session, at, waits);
  }, waits.tickMs);

  return {
    serve(ws, raw, { user, device, session }, since) {
      if (device === null) return ws.close(CLOSE.notSignedIn, 'This session has no device.');
      const opened = new DeviceSession(ws, raw, { user, device, session }, handlers);
      sessions.add(opened);
      ws.serve(opened);
      if (!online.admit(opened, since)) opened.end(CLOSE.revoked, 'This session has ended.');
    },
    close: () => clearInterval(timer),
  };
}
