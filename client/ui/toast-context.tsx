import { createContext, use, type ReactNode } from 'react';
import type { ToastStore } from './toast-store.ts';

const ToastContext = createContext<ToastStore | null>(null);

/** Hands a toast store to everything below. Place one `ToastRegion` inside it. */
export function ToastProvider({ store, children }: { store: ToastStore; children: ReactNode }) {
  return <ToastContext value={store}>{children}</ToastContext>;
}

/** The toast store: `useToasts().show({ text, kind, action })`. Throws outside a `ToastProvider`. */
export function useToasts(): ToastStore {
  const store = use(ToastContext);
  if (!store) throw new Error('useToasts needs a ToastProvider above it');
  return store;
}
