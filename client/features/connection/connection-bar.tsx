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

/**
 * The same where the bar is out of sight, on a phone's conversation: heard always, seen only while there is something to know.
 */
export function ConnectionStrip({ onOpenDetails }: Pick<ConnectionBarProps, 'onOpenDetails'>) {
  const { kind } = useObservable(useDevice().connection);
  if (kind !== 'online') return <ConnectionBar onOpenDetails={onOpenDetails} className={styles.strip} />;
  return (
    <span role="status" aria-label="Connection" className="visually-hidden">
      {connectionText({ kind })}
    </span>
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
