import { createContext, use, useCallback, useEffect, useRef, type ReactNode, type Ref } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { ConversationId } from '#schema/ids.ts';
import type { ConversationSummary } from '#client/services/device.ts';
import { useNow } from '#client/services/clock-context.tsx';
import styles from './conversation-list.module.css';
import { ConversationRow } from './conversation-row.tsx';
import { useRowKeys } from './use-row-keys.ts';

/** From how many rows on only those near the view are in the page. Below, all are: it costs nothing, and the browser's own search finds them. */
export const VIRTUAL_FROM = 150;

/** Height of a row in CSS pixels, as conversation-row.module.css draws it: a first guess that measuring corrects. */
const ROW_HEIGHT = 68;

export interface ConversationListProps {
  readonly conversations: readonly ConversationSummary[];
  /** The conversation shown beside the list. */
  readonly current: ConversationId | null;
  readonly linkState: unknown;
}

/** The list "Conversations", in the order given. */
export function ConversationList({ conversations, current, linkState }: ConversationListProps) {
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRef<VirtualizerHandle>(null);
  const reveal = useCallback((index: number) => {
    if (virtual.current) virtual.current.scrollToIndex(index, { align: 'nearest' });
    else scroller.current?.querySelectorAll('li')[index]?.scrollIntoView({ block: 'nearest' });
  }, []);
  // What was opened from elsewhere (a shortcut, a notice) shows where it stands; a list that moves under it does not.
  const currentIndex = conversations.findIndex(({ id }) => id === current);
  const latestIndex = useRef(currentIndex);
  useEffect(() => {
    latestIndex.current = currentIndex;
  });
  useEffect(() => {
    if (current !== null && latestIndex.current >= 0) reveal(latestIndex.current);
  }, [current, reveal]);
  const { tabbable, onKeyDown } = useRowKeys(conversations, current, scroller, reveal);
  const row = (conversation: ConversationSummary, index: number) => (
    <ConversationRow
      key={conversation.id}
      conversation={conversation}
      current={conversation.id === current}
      tabbable={index === tabbable}
      linkState={linkState}
      now={now}
    />
  );

  return (
    // The keys come from the links inside.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={scroller} className={styles.scroller} onKeyDown={onKeyDown}>
      {conversations.length < VIRTUAL_FROM ? (
        <ul aria-label="Conversations" className={styles.list}>
          {conversations.map((conversation, index) => (
            <li key={conversation.id} data-conversation-id={conversation.id}>
              {row(conversation, index)}
            </li>
          ))}
        </ul>
      ) : (
        <Rows value={conversations}>
          <Virtualizer
            ref={virtual}
            scrollRef={scroller}
            as={VirtualList}
            item={VirtualItem}
            data={conversations}
            itemSize={ROW_HEIGHT}
            keepMounted={[tabbable]}
          >
            {row}
          </Virtualizer>
        </Rows>
      )}
    </div>
  );
}

/** The virtualiser hands an item its index alone: what stands there comes by this way. */
const Rows = createContext<readonly ConversationSummary[]>([]);

interface PartProps {
  style: React.CSSProperties;
  children: ReactNode;
  ref?: Ref<HTMLElement>;
}

function VirtualList({ style, children, ref }: PartProps) {
  return (
    <ul ref={ref as Ref<HTMLUListElement>} aria-label="Conversations" className={styles.list} style={style}>
      {children}
    </ul>
  );
}

/** A row that says its place in the whole, since not all of it is in the page. */
function VirtualItem({ style, index, children, ref }: PartProps & { index: number }) {
  const rows = use(Rows);
  return (
    <li
      ref={ref as Ref<HTMLLIElement>}
      style={style}
      data-conversation-id={rows[index]?.id}
      aria-setsize={rows.length}
      aria-posinset={index + 1}
    >
      {children}
    </li>
  );
}
