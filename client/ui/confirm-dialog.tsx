import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useRef, type ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './confirm-dialog.module.css';

export interface ConfirmAction {
  label: string;
  tone?: 'primary' | 'secondary' | 'danger' | undefined;
  busy?: boolean | undefined;
  onSelect: () => void;
}

export interface ConfirmDialogProps {
  open: boolean;
  /** A short question; the accessible name. */
  title: string;
  /** What will happen: the accessible description. */
  children?: ReactNode;
  /** One or two ways to go on. Closing the dialog afterwards is the caller's. */
  actions: readonly ConfirmAction[];
  /** Default "Cancel": has the focus first. */
  cancelLabel?: string | undefined;
  onCancel: () => void;
}

/** An `alertdialog` that asks before something is done. Escape cancels, a press on the scrim does nothing. Import it lazily. */
export function ConfirmDialog({
  open,
  title,
  children,
  actions,
  cancelLabel = 'Cancel',
  onCancel,
}: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onCancel();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.scrim} />
        <AlertDialog.Viewport className={styles.viewport}>
          <AlertDialog.Popup className={styles.dialog} initialFocus={cancel}>
            <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
            {children !== undefined && (
              <AlertDialog.Description render={<div />} className={styles.text}>
                {children}
              </AlertDialog.Description>
            )}
            <div className={actions.length > 1 ? styles.stack : styles.row}>
              {actions.map(({ label, tone = 'primary', busy, onSelect }) => (
                <Button key={label} tone={tone} busy={busy} onClick={onSelect}>
                  {label}
                </Button>
              ))}
              <Button ref={cancel} onClick={onCancel}>
                {cancelLabel}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
