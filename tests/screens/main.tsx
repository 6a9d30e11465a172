/** The app on a device by hand, for looking. `state` names what the device has (screens-device.ts), `theme` how it looks. */
import '#client/ui/base.css';
import { startApp } from '#client/app/start-app.tsx';
import { createSubject } from '#client/services/create-subject.ts';
import type { Session, SignedIn } from '#client/services/session.ts';
import { userId } from '#tests/support/fake-device.ts';
import { HttpRefusal, Unreachable } from '#client/services/http-refusal.ts';
import { makeScreensDevice } from './screens-device.ts';

const kept = sessionStorage.getItem('screens') ?? '';
const asked = new URLSearchParams(location.search || kept);
sessionStorage.setItem('screens', asked.toString());
const state = asked.get('state') ?? 'full';
document.documentElement.dataset['theme'] = asked.get('theme') ?? 'system';

const ana: SignedIn = {
  user: userId(1),
  device: userId(1) as unknown as SignedIn['device'],
  name: 'Ana Lima',
  about: '',
  email: 'ana@example.org',
};
const current = createSubject<SignedIn | null>(state.startsWith('signed-out') ? null : ana);
const enter = async (email: string): Promise<void> => {
  await new Promise((done) => setTimeout(done, state === 'signed-out-busy' ? 60_000 : 300));
  if (state === 'signed-out-offline') throw new Unreachable(null);
  if (email.startsWith('wrong')) throw new HttpRefusal('wrong-credentials', 'Email or password is wrong.');
  if (email.startsWith('taken')) throw new HttpRefusal('email-taken', 'There is an account with this email already.');
  current.set(ana);
};
const session: Session = {
  current,
  lastEmail: '',
  signIn: enter,
  signUp: (_name, email) => enter(email),
  end: async () => current.set(null),
};

const device = makeScreensDevice(state);
Object.assign(window, { device });
const root = document.getElementById('root');
if (root) {
  startApp(root, {
    session,
    openDevice: () => device,
    failure: createSubject(state === 'broken' ? new Error('The device could not be opened') : null),
    update: { ready: createSubject(state === 'update'), check: () => undefined, apply: () => undefined },
    leave: (path) => location.assign(path),
  });
}
