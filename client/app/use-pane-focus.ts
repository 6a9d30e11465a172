import { useEffect, useRef } from 'react';
import type { ConversationId } from '#schema/ids.ts';
import type { Pane } from '#client/ui/app-layout/app-layout.tsx';

/** Where one pane shows at a time, the focus goes along: to the title of what was opened, and back to the row one came from. */
export function usePaneFocus(onePane: boolean, pane: Pane, current: ConversationId | null): void {
  const before = useRef({ pane, current });
  useEffect(() => {
    const from = before.current;
    before.current = { pane, current };
    if (!onePane || from.pane === pane) return;
    const target =
      pane === 'main'
        ? document.querySelector<HTMLElement>('main h1')
        : document.querySelector<HTMLElement>(`[data-conversation-id="${from.current ?? ''}"] a`);
    target?.focus({ preventScroll: true });
  }, [onePane, pane, current]);
}
