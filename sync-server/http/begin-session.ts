import type { Request } from 'express';
import type { DeviceIntroduction } from '#schema/http/accounts.ts';
import type { UserId } from '#schema/ids.ts';
import { attachSession } from '../store/attach-session.ts';
import type { HttpDeps } from './http-deps.ts';
import { principalOf, type Principal } from './principal.ts';

/**
 * Starts the session of somebody who was recognised, on the device they presented, which is theirs. The session this browser or this device
 * had before is over, and its sockets end.
 */
export async function beginSession(
  { database, sessions, relay }: HttpDeps,
  request: Request,
  user: UserId,
  device: DeviceIntroduction | undefined,
): Promise<Principal> {
  const before = principalOf(request);
  const principal = await sessions.start(request, { user, device: device?.id ?? null });
  if (before) relay.endSession(before.session);
  if (device) {
    const replaced = await attachSession(database, device.id, principal.session);
    if (replaced !== undefined) relay.endSession(replaced);
  }
  return principal;
}
