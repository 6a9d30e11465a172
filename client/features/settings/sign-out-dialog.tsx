import { useState } from 'react';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { useSession } from '#client/services/session-context.tsx';
import { ConfirmDialog } from '#client/ui/confirm-dialog.tsx';
import { WarningIcon } from '#client/ui/icons.ts';
import { RadioGroup } from '#client/ui/radio-group.tsx';
import { useToasts } from '#client/ui/toast-context.tsx';
import styles from './settings.module.css';

export interface SignOutDialogProps {
  readonly open: boolean;
  readonly onCancel: () => void;
}

/** Asks what becomes of this device's data, and says what has not been sent, before signing out. */
export function SignOutDialog({ open, onCancel }: SignOutDialogProps) {
  const device = useDevice();
  const session = useSession();
  const toasts = useToasts();
  const waiting = useObservable(device.syncDetails).waiting.length;
  const [data, setData] = useState<'keep' | 'erase'>('keep');
  const [busy, setBusy] = useState(false);
  const erase = data === 'erase';

  const signOut = () => {
    setBusy(true);
    device
      .signOut(erase)
      .then(() => session.end(erase))
      .catch((error: unknown) => {
        setBusy(false);
        toasts.show({ kind: 'error', text: error instanceof Error ? error.message : 'Signing out did not work.' });
      });
  };

  return (
    <ConfirmDialog
      open={open}
      title="Sign out of this device?"
      actions={[{ label: 'Sign out', tone: erase ? 'danger' : 'primary', busy, onSelect: signOut }]}
      onCancel={onCancel}
    >
      <div className={styles.signOut}>
        {waiting > 0 && (
          <p className={erase ? styles.danger : styles.warning}>
            <WarningIcon size={18} />
            <span>
              {waiting === 1 ? 'One change has not been sent yet.' : `${waiting} changes have not been sent yet.`}{' '}
              {erase
                ? 'What is erased now is lost for ever.'
                : 'What waits stays here, and is sent after you sign in again.'}
            </span>
          </p>
        )}
        <RadioGroup
          label="What becomes of your conversations here"
          labelHidden
          value={data}
          onValueChange={setData}
          options={[
            {
              value: 'keep',
              label: 'Keep data on this device',
              description: 'Everything is here at once when you sign in again.',
            },
            {
              value: 'erase',
              label: 'Erase data from this device',
              description: 'For a browser that others use too. The server keeps what it has.',
            },
          ]}
        />
      </div>
    </ConfirmDialog>
  );
}
