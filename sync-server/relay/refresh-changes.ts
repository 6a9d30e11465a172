/**
 * Tells devices online what changed for their users (C4), each from its own cursor. However often something changes while a device waits
 * for its turn, it is asked for once.
 */
import type { UserId } from '#schema/ids.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { readChanges } from '../store/read-changes.ts';
import type { Limiter } from './limiter.ts';
import type { Online } from './online.ts';
import type { DeviceSocket } from './open-socket.ts';

export interface Refresher {
  /** Something changed for these users. */
  users(users: Iterable<UserId>): void;
  /** What this device was told is behind. */
  device(socket: DeviceSocket): void;
  /** What everybody here was told may be behind. */
  everybody(): void;
  settled(): Promise<void>;
}

export function createRefresher(database: Database, online: Online, limiter: Limiter, logger: Logger): Refresher {
  /** Devices that wait for their turn, or have to take another after the one they are in. */
  const waiting = new Set<DeviceSocket>();
  const running = new Map<DeviceSocket, Promise<void>>();

  function device(socket: DeviceSocket): void {
    if (waiting.has(socket)) return;
    waiting.add(socket);
    if (!running.has(socket)) start(socket);
  }

  function start(socket: DeviceSocket): void {
    const work = limiter
      .run(async () => {
        // From here on a change needs another turn.
        waiting.delete(socket);
        if (online.device(socket.device) !== socket) return;
        if (!socket.keepsUp) return socket.noteMissed();
        const changes = await readChanges(database, socket.user, socket.cursor);
        socket.sendChanges({ type: 'changes', ...changes });
      })
      .catch((error: unknown) => {
        // It will ask from its cursor when it comes back.
        waiting.delete(socket);
        logger.warn({ err: error }, 'changes could not be read for a device');
        socket.end(CLOSE.goingAway, 'The server could not read what changed.');
      })
      .finally(() => {
        running.delete(socket);
        if (waiting.has(socket)) start(socket);
      });
    running.set(socket, work);
  }

  return {
    device,
    users(users) {
      for (const user of users) for (const socket of online.devicesOf(user)) device(socket);
    },
    everybody() {
      for (const socket of online.devices()) device(socket);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
