import { createContext, use, type ReactNode } from 'react';
import type { Session } from './session.ts';

const SessionContext = createContext<Session | null>(null);

/** Hands the session to the screens below. */
export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** The session. Throws outside a `SessionProvider`. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above it');
  return session;
}
