import { lazy, Suspense, useEffect, useState } from 'react';
import type { AppUpdate } from '#client/services/app-update.ts';
import { useObservable } from '#client/services/device-context.ts';
import type { Observable } from '#client/services/observable.ts';
import type { Session } from '#client/services/session.ts';
import { SessionProvider } from '#client/services/session-context.tsx';
import { parseThemeChoice, THEME_STORAGE_KEY } from '#client/ui/theme/theme-choice.ts';
import { ThemeProvider } from '#client/ui/theme/theme-provider.tsx';
import { ToastProvider } from '#client/ui/toast-context.tsx';
import { ToastRegion } from '#client/ui/toast-region.tsx';
import { createToastStore } from '#client/ui/toast-store.ts';
import { CrashBoundary } from './crash-boundary.tsx';
import { CrashScreen } from './crash-screen.tsx';
import type { OpenDevice } from './open-device.ts';
import { SignedInApp } from './signed-in-app.tsx';

const SignedOutApp = lazy(() => import('./signed-out-app.tsx').then((module) => ({ default: module.SignedOutApp })));

export interface AppProps {
  readonly session: Session;
  readonly openDevice: OpenDevice;
  readonly update: AppUpdate;
  /** What stopped the app for good, outside of what draws: the worker could not be started. */
  readonly failure: Observable<Error | null>;
  /** Leaves for a page, loading the app anew: nothing of the person before stays in memory. */
  readonly leave: (path: string) => void;
}

/** The whole app, from what composition gave it. */
export function App({ session, openDevice, update, failure, leave }: AppProps) {
  const failed = useObservable(failure);
  const signedIn = useObservable(session.current);
  const [toasts] = useState(createToastStore);
  const [theme, setTheme] = useState(() => parseThemeChoice(document.documentElement.dataset['theme']));

  // The other tabs of this device look the same.
  useEffect(() => {
    const changed = ({ key, newValue }: StorageEvent) => {
      if (key === THEME_STORAGE_KEY) setTheme(parseThemeChoice(newValue));
    };
    window.addEventListener('storage', changed);
    return () => window.removeEventListener('storage', changed);
  }, []);

  // The device of a person ends with the page: whoever comes next begins with a fresh one.
  const [person, setPerson] = useState(signedIn);
  if (person === null && signedIn !== null) setPerson(signedIn);
  const leaving = person !== null && signedIn !== person;
  useEffect(() => {
    if (leaving) leave(signedIn ? '/' : '/sign-in');
  }, [leaving, signedIn, leave]);

  return (
    <CrashBoundary>
      <ThemeProvider choice={theme} setChoice={setTheme}>
        <SessionProvider session={session}>
          <ToastProvider store={toasts}>
            {failed ? (
              <CrashScreen error={failed} />
            ) : leaving ? null : signedIn ? (
              <SignedInApp signedIn={signedIn} openDevice={openDevice} update={update} />
            ) : (
              <Suspense>
                <SignedOutApp />
              </Suspense>
            )}
            <ToastRegion />
          </ToastProvider>
        </SessionProvider>
      </ThemeProvider>
    </CrashBoundary>
  );
}
