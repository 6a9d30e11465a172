import type { ConnectionStatus } from '#client/services/device.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { classNames } from '#client/ui/class-names.ts';
import { ChevronRightIcon, OfflineIcon, SuccessIcon, WarningIcon } from '#client/ui/icons.ts';
import { Spinner } from '#client/ui/spinner.tsx';
import styles from './connection-bar.module.css';
import { connectionText } from './connection-texts.ts';

export interface ConnectionBarProps {
  readonly onOpenDetails: () => void;
  readonly className?: string | undefined;
}

/** The status "Connection", and over the whole of it the button "Sync details": a status inside of a button would be silent. */
export function ConnectionBar({ onOpenDetails, className }: ConnectionBarProps) {
  const status = useObservable(useDevice().connection);
  return (
    <div className={classNames(styles.bar, styles[status.kind], className)}>
      <span className={styles.glyph} aria-hidden="true">
        <Glyph status={status} />
      </span>
      <span role="status" aria-label="Connection" className={classNames('truncate', styles.text)}>
        {connectionText(status)}
      </span>
      <ChevronRightIcon size={16} className={styles.more} />
      <button
        type="button"
        aria-label="Sync details"
        aria-haspopup="dialog"
        className={styles.button}
        onClick={onOpenDetails}
      />
    </div>
  );
}

function Glyph({ status }: { status: ConnectionStatus }) {
  switch (status.kind) {
    case 'online':
      return <span className={styles.dot} />;
    case 'saved':
      return <SuccessIcon size={16} />;
    case 'reconnecting':
    case 'syncing':
      return <Spinner size={14} />;
    case 'offline':
      return <OfflineIcon size={16} />;
    case 'ended':
      return <WarningIcon size={16} />;
  }
}
