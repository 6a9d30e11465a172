import { render, type RenderResult } from '@testing-library/react';
import { useState, type ReactNode } from 'react';
import { DeviceContext } from '#client/services/device-context.ts';
import { createSubject, type Subject } from '#client/services/create-subject.ts';
import type { Session, SignedIn } from '#client/services/session.ts';
import { SessionProvider } from '#client/services/session-context.tsx';
import type { ThemeChoice } from '#client/ui/theme/theme-choice.ts';
import { ThemeProvider } from '#client/ui/theme/theme-provider.tsx';
import { ToastProvider } from '#client/ui/toast-context.tsx';
import { ToastRegion } from '#client/ui/toast-region.tsx';
import { createToastStore } from '#client/ui/toast-store.ts';
import { createFakeDevice, userId, type FakeDevice } from './fake-device.ts';

/** A session by hand: `entries` is what was tried, `refuse` what the server says to it. */
export interface FakeSession extends Session {
  readonly current: Subject<SignedIn | null>;
  readonly entries: readonly (readonly string[])[];
  readonly ended: readonly boolean[];
  refuse: Error | null;
}

/** The fake person who signs in everywhere. */
export const ANA: SignedIn = {
  user: userId(1),
  device: userId(900) as unknown as SignedIn['device'],
  name: 'Ana',
  about: '',
  email: 'ana@example.org',
};

/** A session by hand, of somebody or of nobody. */
export function createFakeSession(signedIn: SignedIn | null = ANA, lastEmail = ''): FakeSession {
  const entries: string[][] = [];
  const ended: boolean[] = [];
  const current = createSubject(signedIn);
  const enter = async (...given: string[]) => {
    entries.push(given);
    if (session.refuse) throw session.refuse;
    current.set(ANA);
  };
  const session: FakeSession = {
    current,
    lastEmail,
    entries,
    ended,
    refuse: null,
    signIn: enter,
    signUp: enter,
    async end(erase) {
      ended.push(erase);
      current.set(null);
    },
  };
  return session;
}

export interface Drawn extends RenderResult {
  readonly device: FakeDevice;
  readonly session: FakeSession;
}

/** Draws a part of the app on a fake device and session, with what the app puts around every part. */
export function draw(
  part: ReactNode,
  { device = createFakeDevice(), session = createFakeSession() }: { device?: FakeDevice; session?: FakeSession } = {},
): Drawn {
  const drawn = render(
    <Surroundings>
      <SessionProvider session={session}>
        <DeviceContext value={device}>{part}</DeviceContext>
      </SessionProvider>
    </Surroundings>,
  );
  return { ...drawn, device, session };
}

function Surroundings({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<ThemeChoice>('system');
  const [toasts] = useState(createToastStore);
  return (
    <ThemeProvider choice={theme} setChoice={setTheme}>
      <ToastProvider store={toasts}>
        {children}
        <ToastRegion />
      </ToastProvider>
    </ThemeProvider>
  );
}
