import type { Device } from '#client/services/device.ts';
import type { SignedIn } from '#client/services/session.ts';

/** Gives the device of a signed-in person: the same promise for the same person, however often it is asked. */
export type OpenDevice = (signedIn: SignedIn) => Promise<Device>;

/** Remembers the opening of a device, since a component may be drawn many times before it is there. */
export function openOnce(open: OpenDevice): OpenDevice {
  const opened = new Map<string, Promise<Device>>();
  return (signedIn) => {
    const key = `${signedIn.user} ${signedIn.device}`;
    const there = opened.get(key) ?? open(signedIn);
    opened.set(key, there);
    return there;
  };
}
