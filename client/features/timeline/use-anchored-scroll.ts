import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { EventId } from '#schema/ids.ts';
import type { TimelineWindow } from '#client/services/device.ts';

/** Distance from the end, in px, within which the view keeps to the latest message. */
const AT_END = 80;
/** Distance from an edge, in px, at which more is asked for. */
const NEAR_EDGE = 1_200;

export interface AnchoredScroll {
  readonly list: RefObject<VirtualizerHandle | null>;
  /** For virtua: this drawing puts messages in front, keep what is seen where it is. */
  readonly shift: boolean;
  readonly atEnd: boolean;
  readonly onScroll: () => void;
  readonly scrollToEnd: () => void;
  readonly scrollTo: (message: EventId) => void;
}

/**
 * Keeps what a person reads where it is, whatever arrives or loads: opens at the first unread message or at the end, stays at the
 * end only when it was there, and asks for more near the edges.
 */
export function useAnchoredScroll(
  view: TimelineWindow,
  more: { older: () => void; newer: () => void },
): AnchoredScroll {
  const list = useRef<VirtualizerHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const opened = useRef(false);
  const before = useRef<{ first: EventId | undefined; last: EventId | undefined }>({
    first: undefined,
    last: undefined,
  });

  const first = view.messages[0]?.id;
  const last = view.messages.at(-1)?.id;
  const shift =
    before.current.first !== undefined &&
    before.current.first !== first &&
    view.messages.some(({ id }) => id === before.current.first);

  const scrollToEnd = useCallback(() => {
    const handle = list.current;
    handle?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' });
  }, []);
  const wanted = useRef<EventId | null>(null);
  const messages = useRef(view.messages);
  messages.current = view.messages;
  /** Where the message is not drawn yet, the next drawing that has it scrolls. */
  const scrollTo = useCallback((message: EventId) => {
    const index = messages.current.findIndex(({ id }) => id === message);
    wanted.current = index < 0 ? message : null;
    if (index >= 0) list.current?.scrollToIndex(index, { align: 'center' });
  }, []);

  const onScroll = (): void => {
    const handle = list.current;
    if (!handle || view.status !== 'ready') return;
    const below = handle.scrollSize - handle.viewportSize - handle.scrollOffset;
    setAtEnd(below < AT_END && view.newer === 'none');
    if (handle.scrollOffset < NEAR_EDGE && view.older !== 'none') more.older();
    if (below < NEAR_EDGE && view.newer === 'more') more.newer();
  };

  useLayoutEffect(() => {
    const wasAt = before.current;
    before.current = { first, last };
    if (view.status !== 'ready') return;
    if (!opened.current) {
      opened.current = true;
      const unread = view.firstUnread === null ? -1 : view.messages.findIndex(({ id }) => id === view.firstUnread);
      if (unread >= 0) {
        list.current?.scrollToIndex(unread, { align: 'start', offset: -96 });
        setAtEnd(false);
      } else scrollToEnd();
      return;
    }
    if (wanted.current !== null && view.messages.some(({ id }) => id === wanted.current)) {
      scrollTo(wanted.current);
      return;
    }
    const arrived = last !== wasAt.last && !shift;
    if (arrived && (atEnd || view.messages.at(-1)?.own)) scrollToEnd();
  }, [view, first, last, shift, atEnd, scrollToEnd, scrollTo]);

  // A view that is not filled yet cannot be scrolled, so it asks by itself; and where it stands may have changed.
  const check = useRef(onScroll);
  check.current = onScroll;
  useEffect(() => check.current(), [view]);

  return { list, shift, atEnd, onScroll, scrollToEnd, scrollTo };
}
