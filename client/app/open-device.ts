import type { Device } from '#client/services/device.ts';
import type { SignedIn } from '#client/services/session.ts';

/** Gives the device of a signed-in person. */
export type OpenDevice = (signedIn: SignedIn) => Device;

/** Opens a person's device once, however often it is asked: a component may be drawn twice, and there must be one worker. */
export function openOnce(open: OpenDevice): OpenDevice {
  const opened = new Map<string, Device>();
  return (signedIn) => {
    const key = `${signedIn.user} ${signedIn.device}`;
    const device = opened.get(key) ?? open(signedIn);
    opened.set(key, device);
    return device;
  };
}
