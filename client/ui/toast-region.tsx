import { useEffect, useState, useSyncExternalStore } from 'react';
import { classNames } from './class-names.ts';
import { IconButton } from './icon-button.tsx';
import { CloseIcon, FailedIcon } from './icons.ts';
import { useToasts } from './toast-context.tsx';
import styles from './toast-region.module.css';
import type { Toast } from './toast-store.ts';

/** How long information stays, in milliseconds; longer when there is something to undo. */
const STAYS = 5_000;
const STAYS_WITH_ACTION = 8_000;

/** Shows the toasts of the store above it, at the foot of the window. One in the app. */
export function ToastRegion() {
  const store = useToasts();
  const toasts = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  return (
    <div className={styles.region}>
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} onDismiss={() => store.dismiss(toast.id)} />
      ))}
    </div>
  );
}

function ToastItem({ toast, onDismiss }: { toast: Toast; onDismiss: () => void }) {
  const { kind, text, action } = toast;
  // A live region announces what changes in it: so it stands empty for one turn before it gets its words.
  const [spoken, setSpoken] = useState(false);
  const [held, setHeld] = useState(false);
  useEffect(() => setSpoken(true), []);

  const stays = kind === 'error' ? null : action ? STAYS_WITH_ACTION : STAYS;
  useEffect(() => {
    if (stays === null || held) return undefined;
    const timer = window.setTimeout(onDismiss, stays);
    return () => window.clearTimeout(timer);
    // `onDismiss` is new at each render, and must not start the time again.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [stays, held, toast.id]);

  return (
    // Time stands still while a person is at it.
    <div
      className={classNames(styles.toast, kind === 'error' && styles.error)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {kind === 'error' && <FailedIcon size={18} className={styles.icon} />}
      <p role={kind === 'error' ? 'alert' : 'status'} aria-atomic="true" className={styles.text}>
        {spoken ? text : ''}
      </p>
      {action && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            action.onSelect();
            onDismiss();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton label="Dismiss" icon={<CloseIcon />} size="small" className={styles.dismiss} onClick={onDismiss} />
    </div>
  );
}
