import type { RequestHandler } from 'express';
import { Refusal } from '#schema/errors.ts';
import { SignInRequest, type Me } from '#schema/http/accounts.ts';
import { claimDevice } from '../store/claim-device.ts';
import { findAccount } from '../store/find-account.ts';
import { beginSession } from './begin-session.ts';
import type { PasswordCheck } from './check-password.ts';
import type { HttpDeps } from './http-deps.ts';
import { parse } from './parse.ts';

/** `POST /api/sign-in`: email and password → a session, and the device it is on. */
export function signIn(deps: HttpDeps, checkPassword: PasswordCheck): RequestHandler {
  const { database, limits } = deps;
  return async (request, response) => {
    const { email, device } = parse(SignInRequest, request.body);
    await limits.signIn(request.ip, email);
    const user = await checkPassword(request, response);
    await limits.signedIn(request.ip, email);
    const account = await findAccount(database, user);
    if (!account) throw new Refusal('wrong-credentials');
    if (device) await claimDevice(database, user, device);
    const principal = await beginSession(deps, request, user, device);
    const me: Me = { user: account, device: principal.device };
    response.json(me);
  };
}
