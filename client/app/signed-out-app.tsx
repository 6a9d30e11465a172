import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { SignInPage } from '#client/features/sign-in/sign-in-page.tsx';
import { SignUpPage } from '#client/features/sign-in/sign-up-page.tsx';
import { parsePlace } from './place.ts';

/** What somebody sees who is not signed in. Another address leads to "Sign in", and is come back to afterwards. */
export function SignedOutApp() {
  const [path, navigate] = useLocation();
  const place = parsePlace(path);
  const entry = place.kind === 'sign-in' || place.kind === 'sign-up';
  useEffect(() => {
    if (!entry) navigate('/sign-in', { replace: true, state: { wanted: path } });
  }, [entry, path, navigate]);
  return place.kind === 'sign-up' ? <SignUpPage /> : <SignInPage />;
}
