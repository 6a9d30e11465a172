import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Device } from './device.ts';
import type { Observable } from './observable.ts';

/** Carries the device of the signed-in person to the features; provided once, by the app's composition. */
export const DeviceContext = createContext<Device | null>(null);

/** The device of the signed-in person. Throws outside of the signed-in part of the app. */
export function useDevice(): Device {
  const device = useContext(DeviceContext);
  if (!device) throw new Error('useDevice is called outside of a DeviceContext');
  return device;
}

/** The current value of an observable; draws again when it changes. */
export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}
