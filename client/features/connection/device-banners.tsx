import type { AppUpdate } from '#client/services/app-update.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { Banner } from '#client/ui/banner.tsx';
import { InfoIcon, RefreshIcon, WarningIcon } from '#client/ui/icons.ts';

export interface DeviceBannersProps {
  readonly update: AppUpdate;
  /** Leads to the form, with everything kept here. */
  readonly onSignInAgain: () => void;
}

/** What holds for the whole app and must not be missed: storage refused, the session ended, a newer version. */
export function DeviceBanners({ update, onSignInAgain }: DeviceBannersProps) {
  const device = useDevice();
  const storage = useObservable(device.storage);
  const connection = useObservable(device.connection);
  const updateReady = useObservable(update.ready);
  const ended = connection.kind === 'ended' ? connection.reason : null;
  return (
    <>
      {storage === 'memory' && (
        <Banner tone="warning" icon={<WarningIcon size={18} />}>
          This browser does not let ChatSync+ keep anything on the device. What you write is lost when you close this
          tab before it is sent.
        </Banner>
      )}
      {ended === 'signed-out' && (
        <Banner
          tone="warning"
          icon={<WarningIcon size={18} />}
          action={{ label: 'Sign in again', onSelect: onSignInAgain }}
        >
          You were signed out of this device. What you wrote is kept here, and is sent after you sign in again.
        </Banner>
      )}
      {ended === 'refused' && (
        <Banner tone="warning" icon={<WarningIcon size={18} />}>
          The server does not accept this device at the moment. What you write stays here. Loading the page again may
          help.
        </Banner>
      )}
      {updateReady ? (
        <Banner icon={<RefreshIcon size={18} />} action={{ label: 'Update now', onSelect: () => update.apply() }}>
          Update ready
        </Banner>
      ) : (
        ended === 'update-needed' && (
          <Banner
            tone="warning"
            icon={<InfoIcon size={18} />}
            action={{ label: 'Look for the update', onSelect: () => update.check() }}
          >
            This version of ChatSync+ is too old to sync. What you write stays here until it is updated.
          </Banner>
        )
      )}
    </>
  );
}
