import { useEffect, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { RefObject } from 'react';
import type { ConversationId, EventId } from '#schema/ids.ts';
import type { TimelineMessage } from '#client/services/device.ts';
import { useDevice } from '#client/services/device-context.ts';

/** Marks as read what was seen: the last message in view, while the page is visible and has the focus. */
export function useReadMarks(
  conversation: ConversationId,
  messages: readonly TimelineMessage[],
  list: RefObject<VirtualizerHandle | null>,
): () => void {
  const device = useDevice();
  const marked = useRef<EventId | null>(null);
  const mark = (): void => {
    const handle = list.current;
    if (!handle || messages.length === 0 || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const lowest = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - 1);
    const message = messages[Math.min(lowest, messages.length - 1)];
    if (!message || message.id === marked.current) return;
    marked.current = message.id;
    void device.markRead(conversation, message.id);
  };
  const latest = useRef(mark);
  latest.current = mark;
  useEffect(() => {
    // After the scroll position of this drawing has settled.
    const frame = requestAnimationFrame(() => latest.current());
    return () => cancelAnimationFrame(frame);
  }, [messages]);
  useEffect(() => {
    const again = (): void => latest.current();
    window.addEventListener('focus', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      window.removeEventListener('focus', again);
      document.removeEventListener('visibilitychange', again);
    };
  }, []);
  return mark;
}
