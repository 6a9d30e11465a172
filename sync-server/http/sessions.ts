import { ServerResponse, type IncomingMessage } from 'node:http';
import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import { extendSession } from '../store/extend-session.ts';
import { asError } from './as-error.ts';
import { principalOf, type Principal, type StoredPrincipal } from './principal.ts';

/** A session ends this long after it was last used, in ms: somebody back from half a year away signs in again. */
export const sessionLifetime = 180 * 24 * 3_600_000;
/** Its end is moved at most once in this time, in ms: a request usually writes nothing. */
const extensionInterval = 24 * 3_600_000;

export interface SessionsOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Signs the cookies. */
  readonly secret: string;
  /** The server is reached by https: the cookie is for https alone. */
  readonly secure: boolean;
  /** ms since 1970. */
  now(): number;
}

/** Sign-in sessions: rows of the table `sessions`, each named by a signed cookie. */
export interface Sessions {
  /** Reads the session of a request. */
  readonly middleware: RequestHandler;
  /** Moves the end of a session in use. After `middleware`. */
  readonly keepAlive: RequestHandler;
  /**
   * Signs in: a new id, so that one that was planted before is worth nothing, and the session the browser had before ends. The row is
   * stored when this resolves.
   */
  start(request: Request, principal: StoredPrincipal): Promise<Principal>;
  /** Has the browser forget its cookie. */
  forget(response: Response): void;
  /** Who asks for the upgrade to a socket. */
  sessionOf(request: IncomingMessage): Promise<Principal | null>;
  close(): void;
}

export function createSessions(options: SessionsOptions): Sessions {
  // __Host-: a browser takes it from https only, for this host only, and no other host can plant it.
  const name = options.secure ? '__Host-chatsync' : 'chatsync';
  const cookie = { httpOnly: true, sameSite: 'lax', secure: options.secure, path: '/' } as const;
  const PgStore = connectPgSimple(session);
  const store = new PgStore({
    // Our own door to the database: its `query` gives the rows, as pg-promise's `any` does.
    pgPromise: { any: (text: string, values: unknown[]) => options.database.query(text, values) },
    tableName: 'sessions',
    disableTouch: true,
    errorLog: (...what: unknown[]) =>
      options.logger.warn({ what: what.map(String) }, 'old sessions could not be removed'),
  });
  const middleware = session({
    name,
    secret: options.secret,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { ...cookie, maxAge: sessionLifetime },
    // PUBLIC_URL says whether people come by https; that a proxy forgot to tell must not make the cookie vanish (see `middleware`).
    proxy: options.secure,
  });
  const read: RequestHandler = (request, response, next) => {
    if (options.secure) request.headers['x-forwarded-proto'] = 'https';
    void middleware(request, response, next);
  };

  return {
    middleware: read,
    async keepAlive(request, response, next) {
      const now = options.now();
      const ends = request.session.cookie.expires?.valueOf() ?? Infinity;
      const principal = principalOf(request);
      if (principal === null || ends > now + sessionLifetime - extensionInterval) {
        next();
        return;
      }
      const moved = await extendSession(
        options.database,
        principal.session,
        now + sessionLifetime,
        now + sessionLifetime - extensionInterval,
      );
      const value = cookieValue(request, name);
      if (moved && value !== undefined)
        response.cookie(name, value, { ...cookie, maxAge: sessionLifetime, encode: String });
      next();
    },
    async start(request, stored) {
      await promised((done) => request.session.regenerate(done));
      request.session.principal = stored;
      await promised((done) => request.session.save(done));
      return { ...stored, session: request.sessionID };
    },
    forget(response) {
      response.clearCookie(name, cookie);
    },
    async sessionOf(request) {
      await promised((done) => void read(request as Request, new ServerResponse(request) as Response, done));
      return principalOf(request as Request);
    },
    close: () => store.close(),
  };
}

/** The value as the browser sent it, encoded and signed. */
function cookieValue(request: IncomingMessage, name: string): string | undefined {
  const found = (request.headers.cookie ?? '').split(/;\s*/).find((part) => part.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

function promised(act: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error === undefined || error === null ? resolve() : reject(asError(error))));
  });
}
