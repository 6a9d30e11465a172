import passport from 'passport';
import { Strategy } from 'passport-local';
import type { Request, Response } from 'express';
import { Refusal } from '#schema/errors.ts';
import type { UserId } from '#schema/ids.ts';
import type { Database } from '../store/database.ts';
import { findCredentials } from '../store/find-credentials.ts';
import { asError } from './as-error.ts';
import type { Passwords } from './passwords.ts';

declare global {
  namespace Express {
    // Passport's name for whom a strategy recognised.
    interface User {
      readonly id: UserId;
    }
  }
}

/** Recognises somebody by `email` and `password` in the request's body. */
export type PasswordCheck = (request: Request, response: Response) => Promise<UserId>;

/**
 * Passport's local strategy, without its session: the session is started by the act itself, once the device is known too.
 * The check throws Refusal `wrong-credentials`, the same and after the same time for a wrong password and for an unknown email.
 */
export function createPasswordCheck(database: Database, passwords: Passwords): PasswordCheck {
  const authenticator = new passport.Passport();
  authenticator.use(
    new Strategy({ usernameField: 'email', passwordField: 'password', session: false }, (email, password, done) => {
      recognise(database, passwords, email, password).then(
        (user) => done(null, user === undefined ? false : { id: user }),
        (error: unknown) => done(error),
      );
    }),
  );
  return (request, response) =>
    new Promise((resolve, reject) => {
      const verdict = (error: unknown, user: Express.User | false | null | undefined): void => {
        if (error) reject(asError(error));
        else if (user) resolve(user.id);
        else reject(new Refusal('wrong-credentials'));
      };
      const check: (request: Request, response: Response, next: (error?: unknown) => void) => void =
        authenticator.authenticate('local', { session: false }, verdict);
      check(request, response, (error) => reject(asError(error)));
    });
}

async function recognise(
  database: Database,
  passwords: Passwords,
  email: string,
  password: string,
): Promise<UserId | undefined> {
  const credentials = await findCredentials(database, email.trim());
  const right = await passwords.matches(password, credentials?.passwordHash);
  return right ? credentials?.user : undefined;
}
