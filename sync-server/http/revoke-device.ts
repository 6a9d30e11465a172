import type { RequestHandler } from 'express';
import { Refusal } from '#schema/errors.ts';
import { DeviceId } from '#schema/ids.ts';
import { revokeDevice as endDevice } from '../store/revoke-device.ts';
import type { HttpDeps } from './http-deps.ts';
import { parsePath } from './parse.ts';
import { requirePrincipal } from './principal.ts';

/** `DELETE /api/devices/{id}`: signs out another device, or this one. Revoked already is revoked. */
export function revokeDevice({ database, relay, sessions }: HttpDeps): RequestHandler {
  return async (request, response) => {
    const principal = requirePrincipal(request);
    const device = parsePath(DeviceId, request.params['id']);
    if (!(await endDevice(database, principal.user, device))) throw new Refusal('not-found');
    relay.endDevice(device);
    if (device === principal.device) sessions.forget(response);
    response.status(204).end();
  };
}
