import { Suspense, use } from 'react';
import type { AppUpdate } from '#client/services/app-update.ts';
import { DeviceContext } from '#client/services/device-context.ts';
import type { SignedIn } from '#client/services/session.ts';
import type { OpenDevice } from './open-device.ts';
import { Shell } from './shell.tsx';
import { ShellSkeleton } from './shell-skeleton.tsx';

export interface SignedInAppProps {
  readonly signedIn: SignedIn;
  readonly openDevice: OpenDevice;
  readonly update: AppUpdate;
}

/** The app of a signed-in person: the places of the panes are held while the device is opened. */
export function SignedInApp(props: SignedInAppProps) {
  return (
    <Suspense fallback={<ShellSkeleton />}>
      <OpenedApp {...props} />
    </Suspense>
  );
}

function OpenedApp({ signedIn, openDevice, update }: SignedInAppProps) {
  const device = use(openDevice(signedIn));
  return (
    <DeviceContext value={device}>
      <Shell update={update} />
    </DeviceContext>
  );
}
