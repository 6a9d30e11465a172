import type { Session, SessionData } from 'express-session';
import * as z from 'zod';
import { Refusal } from '#schema/errors.ts';
import { DeviceId, UserId } from '#schema/ids.ts';
import type { SignedIn } from '../relay/relay.ts';

/** Who asks: a signed-in user, on which device, with which session. */
export type Principal = SignedIn;

/** What a session's row says of who it belongs to. */
export const StoredPrincipal = z.object({ user: UserId, device: DeviceId.nullable() });
export type StoredPrincipal = z.infer<typeof StoredPrincipal>;

declare module 'express-session' {
  interface SessionData {
    principal?: StoredPrincipal;
  }
}

/** A request that went through the session's middleware. */
export interface WithSession {
  readonly session?: Session & Partial<SessionData>;
  readonly sessionID?: string;
}

/** Who asks; null when nobody is signed in. */
export function principalOf(request: WithSession): Principal | null {
  const stored = StoredPrincipal.safeParse(request.session?.principal);
  return stored.success && request.sessionID !== undefined ? { ...stored.data, session: request.sessionID } : null;
}

/** @throws Refusal `not-signed-in` */
export function requirePrincipal(request: WithSession): Principal {
  const principal = principalOf(request);
  if (principal === null) throw new Refusal('not-signed-in');
  return principal;
}
