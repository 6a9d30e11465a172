import type { AppUpdate } from '#client/services/app-update.ts';
import { DeviceContext } from '#client/services/device-context.ts';
import type { SignedIn } from '#client/services/session.ts';
import type { OpenDevice } from './open-device.ts';
import { Shell } from './shell.tsx';

export interface SignedInAppProps {
  readonly signedIn: SignedIn;
  /** Gives the same device each time. */
  readonly openDevice: OpenDevice;
  readonly update: AppUpdate;
}

/** The app of a signed-in person. */
export function SignedInApp({ signedIn, openDevice, update }: SignedInAppProps) {
  return (
    <DeviceContext value={openDevice(signedIn)}>
      <Shell update={update} />
    </DeviceContext>
  );
}
