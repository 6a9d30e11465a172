import { useCallback, useEffect, useState } from 'react';
import { Refusal } from '#schema/errors.ts';
import type { DeviceRecord } from '#schema/http/accounts.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';

export type DeviceListState =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly devices: readonly DeviceRecord[] }
  /** No network, or no server: it is asked again as soon as the connection is back. */
  | { readonly state: 'unreachable' }
  | { readonly state: 'failed'; readonly reason: string };

/** The person's devices, this one first, then by when they were seen last. */
export function useDeviceList(): { readonly list: DeviceListState; readonly reload: () => void } {
  const device = useDevice();
  const connection = useObservable(device.connection).kind;
  const [list, setList] = useState<DeviceListState>({ state: 'loading' });
  const [asked, setAsked] = useState(0);
  const reachable = connection !== 'offline' && connection !== 'reconnecting';

  useEffect(() => {
    let current = true;
    device.devices().then(
      (devices) => {
        if (current) setList({ state: 'there', devices: devices.toSorted(byUse) });
      },
      (error: unknown) => {
        if (!current) return;
        const gone = error instanceof Error && 'code' in error && error.code === 'unavailable';
        setList(
          gone ? { state: 'unreachable' } : { state: 'failed', reason: error instanceof Refusal ? error.message : '' },
        );
      },
    );
    return () => {
      current = false;
    };
  }, [device, reachable, asked]);

  const reload = useCallback(() => setAsked((times) => times + 1), []);
  return { list, reload };
}

function byUse(one: DeviceRecord, other: DeviceRecord): number {
  return Number(other.current) - Number(one.current) || other.lastSeenAt - one.lastSeenAt;
}
