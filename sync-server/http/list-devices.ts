import type { RequestHandler } from 'express';
import type { DeviceList } from '#schema/http/accounts.ts';
import { listDevices as findDevices } from '../store/list-devices.ts';
import type { HttpDeps } from './http-deps.ts';
import { requirePrincipal } from './principal.ts';

/** `GET /api/devices`: where the user is signed in. */
export function listDevices({ database }: HttpDeps): RequestHandler {
  return async (request, response) => {
    const { user, device } = requirePrincipal(request);
    const devices = await findDevices(database, user);
    const list: DeviceList = { devices: devices.map((found) => ({ ...found, current: found.id === device })) };
    response.json(list);
  };
}
