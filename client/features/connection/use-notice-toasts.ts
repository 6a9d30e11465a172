import { useEffect } from 'react';
import { useDevice } from '#client/services/device-context.ts';
import { useToasts } from '#client/ui/toast-context.tsx';

/** Shows the device's notices as toasts; one that is gone from the screen is dismissed at the device, so that it comes once. */
export function useNoticeToasts(): void {
  const device = useDevice();
  const toasts = useToasts();
  useEffect(() => {
    /** Toast by notice. */
    const shown = new Map<number, number>();
    const showNew = () => {
      for (const { id, level, text } of device.notices.get()) {
        if (!shown.has(id)) shown.set(id, toasts.show({ kind: level, text }));
      }
    };
    const dismissGone = () => {
      const there = new Set(toasts.snapshot().map((toast) => toast.id));
      for (const [notice, toast] of shown) {
        if (there.has(toast) || !device.notices.get().some(({ id }) => id === notice)) continue;
        device.dismissNotice(notice);
      }
    };
    const endNotices = device.notices.subscribe(showNew);
    const endToasts = toasts.subscribe(dismissGone);
    showNew();
    return () => {
      endNotices();
      endToasts();
    };
  }, [device, toasts]);
}
