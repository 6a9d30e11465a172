import { useState } from 'react';
import type { SyncDetails, WaitingItem } from '#client/services/device.ts';
import { useNow } from '#client/services/clock-context.tsx';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { Button } from '#client/ui/button.tsx';
import { Dialog } from '#client/ui/dialog.tsx';
import { formatAgo } from '#client/ui/format/format-ago.ts';
import { formatBytes } from '#client/ui/format/format-bytes.ts';
import { IconButton } from '#client/ui/icon-button.tsx';
import { CloseIcon, MessagesIcon, PendingIcon, RefreshIcon, SettingsIcon, SuccessIcon } from '#client/ui/icons.ts';
import { useToasts } from '#client/ui/toast-context.tsx';
import { connectionText } from './connection-texts.ts';
import styles from './sync-details-dialog.module.css';

export interface SyncDetailsDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The dialog "Sync details": what waits on this device for the server, and whether one may close the app. */
export function SyncDetailsDialog({ open, onClose }: SyncDetailsDialogProps) {
  const device = useDevice();
  const details = useObservable(device.syncDetails);
  const connection = useObservable(device.connection);
  const storage = useObservable(device.storage);
  const waits = details.waiting.length > 0;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Sync details"
      size="medium"
      footer={
        <Button tone="primary" icon={<RefreshIcon />} onClick={() => device.syncNow()}>
          Sync now
        </Button>
      }
    >
      <Verdict waits={waits} safe={storage === 'indexeddb'} />
      <Facts details={details} connection={connectionText(connection)} />
      {waits && (
        <section className={styles.section}>
          <h3 className={styles.heading}>Waiting to be sent</h3>
          <ul className={styles.waiting} aria-label="Waiting to be sent">
            {details.waiting.map((item) => (
              <WaitingRow key={item.id} item={item} />
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

/** The one thing a person wants to know here. */
function Verdict({ waits, safe }: { waits: boolean; safe: boolean }) {
  if (!waits) {
    return (
      <p className={`${styles.verdict} ${styles.safe}`}>
        <SuccessIcon size={20} />
        <span>
          <strong>Safe to close</strong>
          <br />
          The server has everything you did on this device.
        </span>
      </p>
    );
  }
  return (
    <p className={styles.verdict}>
      <PendingIcon size={20} />
      <span>
        <strong>Some changes are on this device alone</strong>
        <br />
        {safe
          ? 'They stay here when you close the app, and are sent when it is open and there is a network.'
          : 'This browser keeps nothing: leave this tab open until they are sent.'}
      </span>
    </p>
  );
}

function Facts({ details, connection }: { details: SyncDetails; connection: string }) {
  const now = useNow();
  const { waiting, bytes, lastSync, segmentsToFetch } = details;
  const messages = waiting.filter((item) => item.kind === 'message').length;
  return (
    <dl className={styles.facts}>
      <dt>Connection</dt>
      <dd>{connection}</dd>
      <dt>Last sync</dt>
      <dd>{lastSync === null ? 'Not yet' : formatAgo(lastSync, now)}</dd>
      <dt>Waiting</dt>
      <dd>
        {waiting.length === 0
          ? 'Nothing'
          : [counted(messages, 'message'), counted(waiting.length - messages, 'change')]
              .filter((part) => part !== '')
              .join(' and ')}
        {waiting.length > 0 && `, ${formatBytes(bytes)}`}
      </dd>
      {segmentsToFetch > 0 && (
        <>
          <dt>History</dt>
          <dd>{segmentsToFetch === 1 ? '1 month still to fetch' : `${segmentsToFetch} months still to fetch`}</dd>
        </>
      )}
    </dl>
  );
}

function counted(count: number, thing: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${thing}` : `${count} ${thing}s`;
}

function WaitingRow({ item }: { item: WaitingItem }) {
  const device = useDevice();
  const toasts = useToasts();
  const [cancelling, setCancelling] = useState(false);
  const cancel = () => {
    setCancelling(true);
    device.cancelWaiting(item.id).catch((error: unknown) => {
      setCancelling(false);
      toasts.show({ kind: 'error', text: error instanceof Error ? error.message : 'This could not be cancelled.' });
    });
  };
  return (
    <li className={styles.item}>
      {item.kind === 'message' ? <MessagesIcon size={18} /> : <SettingsIcon size={18} />}
      <span className={styles.words}>
        <span className="truncate">{item.title}</span>
        <span className={styles.note}>
          {formatBytes(item.bytes)}
          {!item.cancellable && ' · on its way, and may have arrived'}
        </span>
      </span>
      {item.cancellable && (
        <IconButton label={`Cancel ${item.title}`} icon={<CloseIcon />} disabled={cancelling} onClick={cancel} />
      )}
    </li>
  );
}
