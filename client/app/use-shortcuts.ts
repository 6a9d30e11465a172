import { useEffect, useRef } from 'react';
import { readShortcut, type Shortcut } from './shortcuts.ts';

/** Calls back at each of the shell's shortcuts; `handle` says whether it did something with it. */
export function useShortcuts(handle: (shortcut: Shortcut) => boolean): void {
  const latest = useRef(handle);
  useEffect(() => {
    latest.current = handle;
  });
  useEffect(() => {
    const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const shortcut = readShortcut(event, mac);
      if (shortcut && latest.current(shortcut)) event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
