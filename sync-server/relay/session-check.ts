/**
 * Looks now and then whether the sessions of open sockets are still valid, and notes who is here: should the notice of a revocation get
 * lost, or a session just expire, its sockets end all the same (R12).
 */
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { DeviceId } from '#schema/ids.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { endedSessions, touchDevices } from '../store/sessions-alive.ts';
import type { Online } from './online.ts';

/** Sessions asked about by one statement. */
const mostAtOnce = 5_000;
/** How often the time a device was last seen is written, in turns of the check. */
const turnsPerTouch = 12;

export interface SessionCheck {
  /** A device came or went: its time is written with the next turn. */
  touch(device: DeviceId): void;
  close(): Promise<void>;
}

export function startSessionCheck(database: Database, online: Online, logger: Logger, everyMs: number): SessionCheck {
  const touched = new Set<DeviceId>();
  let turns = 0;
  let running: Promise<void> = Promise.resolve();

  async function turn(): Promise<void> {
    const sockets = [...online.sockets()];
    const sessions = [...new Set(sockets.map((socket) => socket.session))];
    for (let i = 0; i < sessions.length; i += mostAtOnce) {
      const ended = new Set(await endedSessions(database, sessions.slice(i, i + mostAtOnce)));
      for (const socket of sockets) if (ended.has(socket.session)) socket.end(CLOSE.revoked, 'This session has ended.');
    }
    if (++turns % turnsPerTouch === 0) for (const { device } of online.devices()) touched.add(device);
    await writeTouched();
  }

  async function writeTouched(): Promise<void> {
    const devices = [...touched];
    touched.clear();
    if (devices.length > 0) await touchDevices(database, devices);
  }

  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = turn()
      .catch((error: unknown) => logger.warn({ err: error }, 'open sessions could not be checked'))
      .finally(() => (busy = false));
  }, everyMs);

  return {
    touch: (device) => void touched.add(device),
    async close() {
      clearInterval(timer);
      await running;
      await writeTouched().catch(() => undefined);
    },
  };
}
