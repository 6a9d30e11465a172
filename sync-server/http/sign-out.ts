import type { RequestHandler } from 'express';
import { endSession } from '../store/end-session.ts';
import type { HttpDeps } from './http-deps.ts';
import { principalOf } from './principal.ts';

/** `POST /api/sign-out`: ends the session. Signed out already is signed out. */
export function signOut({ database, sessions, relay }: HttpDeps): RequestHandler {
  return async (request, response) => {
    const principal = principalOf(request);
    if (principal) {
      const device = await endSession(database, principal.session);
      relay.endSession(principal.session);
      if (device !== undefined) relay.endDevice(device);
    }
    sessions.forget(response);
    response.status(204).end();
  };
}
