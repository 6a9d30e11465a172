import type { RequestHandler } from 'express';
import { Refusal } from '#schema/errors.ts';
import type { Me } from '#schema/http/accounts.ts';
import { findAccount } from '../store/find-account.ts';
import type { HttpDeps } from './http-deps.ts';
import { requirePrincipal } from './principal.ts';

/** `GET /api/me`: who is signed in. */
export function readMe({ database }: HttpDeps): RequestHandler {
  return async (request, response) => {
    const principal = requirePrincipal(request);
    const account = await findAccount(database, principal.user);
    if (!account) throw new Refusal('not-signed-in');
    const me: Me = { user: account, device: principal.device };
    response.json(me);
  };
}
