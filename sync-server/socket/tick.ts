import { CLOSE } from '#schema/wire/close-reasons.ts';
import { encodeDown } from '#schema/wire/frame.ts';
import type { RelayWaits } from '../relay/relay.ts';
import type { DeviceSession } from './device-session.ts';

/** How long the other side may take to close its side before the connection is cut, ms: whoever is put out is out within a second (R12). */
export const closingMs = 800;

const heartbeat = encodeDown({ type: 'heartbeat' });

/**
 * What is due for a session as time goes by: the deadline of its hello, a heartbeat after silence of this side, the end after silence of
 * the other (S4). One timer for all sessions calls it: ten thousand timers would keep a core busy.
 */
export function tick(session: DeviceSession, now: number, waits: RelayWaits): void {
  if (session.state === 'ended') {
    if (now - session.endedAt >= closingMs) session.terminate();
    return;
  }
  if (session.state === 'waiting' && now - session.openedAt >= waits.helloMs) session.happen('deadline');
  else if (now - session.heardAt >= waits.silenceMs) session.end(CLOSE.silent, 'No sign of life.');
  else if (session.state !== 'waiting' && now - session.sentAt >= waits.heartbeatMs) session.sendBytes(heartbeat);
}
