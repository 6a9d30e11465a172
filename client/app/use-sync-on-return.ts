import { useEffect } from 'react';
import { useDevice } from '#client/services/device-context.ts';

/** Tries the connection at once when somebody comes back to the app, instead of at the end of a wait that grew while nobody looked. */
export function useSyncOnReturn(): void {
  const device = useDevice();
  useEffect(() => {
    const returned = () => {
      const { kind } = device.connection.get();
      if (document.visibilityState === 'visible' && (kind === 'offline' || kind === 'reconnecting')) device.syncNow();
    };
    document.addEventListener('visibilitychange', returned);
    return () => document.removeEventListener('visibilitychange', returned);
  }, [device]);
}
