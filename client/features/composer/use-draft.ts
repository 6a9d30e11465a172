import { useCallback, useEffect, useRef } from 'react';
import type { ConversationId, EventId } from '#schema/ids.ts';
import { useDevice } from '#client/services/device-context.ts';

/** A draft is saved at the latest this long after a key (experience.md §3), in ms. */
const SAVE_AFTER = 300;

/**
 * Loads the draft of a conversation once, and saves it a moment after the last change, when the page is hidden and when the
 * conversation is left. Gives the function that takes note of a change.
 */
export function useDraft(
  conversation: ConversationId,
  loaded: (text: string, replyTo: EventId | null) => void,
): (text: string, replyTo: EventId | null) => void {
  const device = useDevice();
  const waiting = useRef<{ text: string; replyTo: EventId | null } | null>(null);
  const timer = useRef<number | undefined>(undefined);
  const onLoaded = useRef(loaded);
  onLoaded.current = loaded;

  const save = useCallback(() => {
    window.clearTimeout(timer.current);
    const draft = waiting.current;
    waiting.current = null;
    if (draft) void device.saveDraft(conversation, draft.text, draft.replyTo);
  }, [device, conversation]);

  useEffect(() => {
    let left = false;
    void device.draft(conversation).then((draft) => {
      // What was typed meanwhile is newer.
      if (draft && !left && waiting.current === null) onLoaded.current(draft.text, draft.replyTo);
    });
    document.addEventListener('visibilitychange', save);
    return () => {
      left = true;
      document.removeEventListener('visibilitychange', save);
      save();
    };
  }, [device, conversation, save]);

  return useCallback(
    (text, replyTo) => {
      waiting.current = { text, replyTo };
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(save, SAVE_AFTER);
    },
    [save],
  );
}
