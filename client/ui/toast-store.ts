/** A notice that passes. */
export interface Toast {
  id: number;
  /** `information` is a `status` and goes by itself; `error` is an `alert` and stays until it is dismissed. */
  kind: 'information' | 'error';
  /** One sentence. */
  text: string;
  /** One thing to do about it; doing it dismisses the toast. */
  action?: { label: string; onSelect: () => void } | undefined;
}

/** What a caller says to show one. */
export type NewToast = Omit<Toast, 'id' | 'kind'> & { kind?: Toast['kind'] | undefined };

/** The toasts that show, oldest first. A snapshot never changes; `subscribe` and `snapshot` fit `useSyncExternalStore`. */
export interface ToastStore {
  /** Shows a toast and gives its id. The same text and kind again replaces the earlier one. */
  show: (toast: NewToast) => number;
  /** Takes a toast away; unknown ids are ignored. */
  dismiss: (id: number) => void;
  snapshot: () => readonly Toast[];
  subscribe: (listener: () => void) => () => void;
}

/** More at once cover the screen and are not read: the oldest goes. */
const MOST_AT_ONCE = 4;

/** An empty store; the app makes one and hands it to `ToastProvider`. */
export function createToastStore(): ToastStore {
  let toasts: readonly Toast[] = [];
  let nextId = 1;
  const listeners = new Set<() => void>();
  const set = (next: readonly Toast[]) => {
    toasts = next;
    for (const listener of listeners) listener();
  };
  return {
    show({ kind = 'information', text, action }) {
      const id = nextId++;
      const others = toasts.filter((toast) => toast.text !== text || toast.kind !== kind);
      set([...others, { id, kind, text, action }].slice(-MOST_AT_ONCE));
      return id;
    },
    dismiss(id) {
      if (toasts.some((toast) => toast.id === id)) set(toasts.filter((toast) => toast.id !== id));
    },
    snapshot: () => toasts,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
