import { useEffect, type RefObject } from 'react';

/**
 * Keeps `--window-height` of an element at the height that is really visible, so that what stands at its foot stays above an on-screen
 * keyboard, also where the browser lays the keyboard over the page (Safari).
 */
export function useWindowHeight(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const visible = window.visualViewport;
    const target = element.current;
    if (!visible || !target) return undefined;
    const update = () => {
      // A page enlarged with two fingers is smaller without any keyboard: leave it alone.
      if (visible.scale > 1.01) return;
      target.style.setProperty('--window-height', `${Math.round(visible.height)}px`);
    };
    update();
    visible.addEventListener('resize', update);
    return () => visible.removeEventListener('resize', update);
  }, [element]);
}
