import { lazy, Suspense, useState } from 'react';
import type { DeviceRecord } from '#schema/http/accounts.ts';
import { useNow } from '#client/services/clock-context.tsx';
import { useDevice } from '#client/services/device-context.ts';
import { Button } from '#client/ui/button.tsx';
import { EmptyState } from '#client/ui/empty-state.tsx';
import { formatAgo } from '#client/ui/format/format-ago.ts';
import { ComputerIcon, OfflineIcon, SmartphoneIcon } from '#client/ui/icons.ts';
import { Skeleton } from '#client/ui/skeleton.tsx';
import { useToasts } from '#client/ui/toast-context.tsx';
import { SettingsSection } from './settings-section.tsx';
import styles from './settings.module.css';
import { useDeviceList } from './use-device-list.ts';

const ConfirmDialog = lazy(() =>
  import('#client/ui/confirm-dialog.tsx').then((module) => ({ default: module.ConfirmDialog })),
);

/** Where the person is signed in, and the way to end it elsewhere. The server keeps this list, so it needs a network. */
export function DevicesSection() {
  const device = useDevice();
  const toasts = useToasts();
  const { list, reload } = useDeviceList();
  const [asking, setAsking] = useState<DeviceRecord | null>(null);
  const [busy, setBusy] = useState(false);

  const revoke = ({ id, name }: DeviceRecord) => {
    setBusy(true);
    device
      .revokeDevice(id)
      .then(
        () => {
          toasts.show({ text: `${name} is signed out` });
          setAsking(null);
          reload();
        },
        (error: unknown) =>
          toasts.show({ kind: 'error', text: error instanceof Error ? error.message : 'This did not work.' }),
      )
      .finally(() => setBusy(false));
  };

  return (
    <SettingsSection
      title="Devices"
      lead="Every browser you are signed in with. A device that is revoked is signed out at once and gets nothing more."
    >
      {list.state === 'loading' && <DeviceSkeletons />}
      {list.state === 'unreachable' && (
        <EmptyState
          size="compact"
          headingLevel={3}
          icon={<OfflineIcon />}
          title="Your devices are listed by the server"
        >
          They appear here as soon as it can be reached.
        </EmptyState>
      )}
      {list.state === 'failed' && (
        <EmptyState
          size="compact"
          headingLevel={3}
          icon={<ComputerIcon />}
          title="Your devices could not be listed"
          action={{ label: 'List again', onSelect: reload }}
        >
          {list.reason}
        </EmptyState>
      )}
      {list.state === 'there' && (
        <ul aria-label="Devices" className={styles.list}>
          {list.devices.map((record) => (
            <DeviceRow key={record.id} record={record} onRevoke={() => setAsking(record)} />
          ))}
        </ul>
      )}
      {asking && (
        <Suspense>
          <ConfirmDialog
            open
            title={`Revoke ${asking.name}?`}
            actions={[{ label: 'Revoke', tone: 'danger', busy, onSelect: () => revoke(asking) }]}
            onCancel={() => setAsking(null)}
          >
            It is signed out at once. What it had not sent yet stays on it alone.
          </ConfirmDialog>
        </Suspense>
      )}
    </SettingsSection>
  );
}

function DeviceRow({ record, onRevoke }: { record: DeviceRecord; onRevoke: () => void }) {
  const now = useNow();
  const { name, current, lastSeenAt } = record;
  return (
    <li className={styles.item}>
      {/iPhone|iPad|Android/.test(name) ? <SmartphoneIcon size={22} /> : <ComputerIcon size={22} />}
      <span className={styles.words}>
        <span>{name}</span>
        <span className={styles.secondary}>{current ? 'This device' : `Last seen ${formatAgo(lastSeenAt, now)}`}</span>
      </span>
      {!current && (
        <Button size="small" aria-label={`Revoke ${name}`} onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}

function DeviceSkeletons() {
  return (
    <div role="img" aria-label="Loading devices" aria-busy="true" className={styles.list}>
      {[40, 55].map((width) => (
        <div key={width} className={styles.item}>
          <Skeleton shape="circle" width={22} height={22} />
          <span className={styles.words}>
            <Skeleton width={`${width}%`} />
          </span>
        </div>
      ))}
    </div>
  );
}
