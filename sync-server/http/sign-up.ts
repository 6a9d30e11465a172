import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { SignUpRequest, type Me } from '#schema/http/accounts.ts';
import type { UserId } from '#schema/ids.ts';
import { claimDevice } from '../store/claim-device.ts';
import { createUser } from '../store/create-user.ts';
import { beginSession } from './begin-session.ts';
import type { HttpDeps } from './http-deps.ts';
import { HttpRefusal } from './http-refusal.ts';
import { parse } from './parse.ts';

/** `POST /api/sign-up`: makes an account and signs in with it. */
export function signUp(deps: HttpDeps): RequestHandler {
  const { database, passwords, limits } = deps;
  return async (request, response) => {
    const { name, email, password, device } = parse(SignUpRequest, request.body);
    await limits.signUp(request.ip);
    const passwordHash = await passwords.hash(password);
    const user = randomUUID() as UserId;
    await database.transaction(async (transaction) => {
      const created = await createUser(transaction, { id: user, name, email, passwordHash });
      if (!created)
        throw new HttpRefusal('email-taken', undefined, {
          fields: { email: 'There is an account with this email already.' },
        });
      // In the same transaction: with a device that is somebody else's no account is left behind.
      if (device) await claimDevice(transaction, user, device);
    });
    const principal = await beginSession(deps, request, user, device);
    const me: Me = { user: { id: user, name, about: '', email }, device: principal.device };
    response.status(201).json(me);
  };
}
