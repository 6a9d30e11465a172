import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { ConversationId } from '#schema/ids.ts';
import type { ConversationSummary } from '#client/services/device.ts';

/** How many frames a row far away may take until it can be focused. */
const FRAMES_TO_MEASURE = 10;

/**
 * One stop of Tab for the whole list, arrows inside it (Up, Down, Home, End): a thousand links are no thousand stops.
 * Gives the row that Tab reaches, and the handler for the list. `reveal` brings a row into view, mounted or not.
 */
export function useRowKeys(
  conversations: readonly ConversationSummary[],
  current: ConversationId | null,
  list: RefObject<HTMLElement | null>,
  reveal: (index: number) => void,
): { tabbable: number; onKeyDown: (event: KeyboardEvent) => void } {
  const [chosen, setChosen] = useState<ConversationId | null>(null);
  const focusNext = useRef(false);
  const indexOf = (id: ConversationId | null) => (id === null ? -1 : conversations.findIndex((one) => one.id === id));
  const tabbable = Math.max(0, indexOf(chosen) >= 0 ? indexOf(chosen) : indexOf(current));
  const tabbableId = conversations[tabbable]?.id;

  // Opening another conversation makes its row the one Tab comes back to.
  const [lastCurrent, setLastCurrent] = useState(current);
  if (lastCurrent !== current) {
    setLastCurrent(current);
    setChosen(null);
  }

  useEffect(() => {
    if (!focusNext.current || tabbableId === undefined) return undefined;
    focusNext.current = false;
    let frame = 0;
    // A row that was not in the page is there at once, but hidden until it was measured: what is hidden takes no focus.
    const focus = (framesLeft: number) => {
      const row = list.current?.querySelector<HTMLElement>(`[data-conversation-id="${tabbableId}"] a`);
      row?.focus({ preventScroll: true });
      if ((!row || document.activeElement !== row) && framesLeft > 0) {
        frame = requestAnimationFrame(() => focus(framesLeft - 1));
      }
    };
    focus(FRAMES_TO_MEASURE);
    return () => cancelAnimationFrame(frame);
  }, [list, tabbableId]);

  return {
    tabbable,
    onKeyDown(event) {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const row = event.target instanceof Element ? event.target.closest('[data-conversation-id]') : null;
      const from = indexOf((row?.getAttribute('data-conversation-id') ?? null) as ConversationId | null);
      const to = target(event.key, from, conversations.length);
      const next = to === null ? undefined : conversations[to];
      if (to === null || !next) return;
      event.preventDefault();
      reveal(to);
      focusNext.current = true;
      setChosen(next.id);
    },
  };
}

/** Where a key leads from a row; null when it leads nowhere. */
function target(key: string, from: number, length: number): number | null {
  if (key === 'ArrowDown') return from + 1 < length ? from + 1 : null;
  if (key === 'ArrowUp') return from > 0 ? from - 1 : null;
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  return null;
}
