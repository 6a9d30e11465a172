import {
  createContext,
  lazy,
  Suspense,
  useCallback,
  useContext,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type ReactNode,
  type Ref,
} from 'react';
import { Virtualizer } from 'virtua';
import type { EventId, UserId } from '#schema/ids.ts';
import type { ConversationSummary, Timeline as OpenTimeline, TimelineMessage } from '#client/services/device.ts';
import { useNow } from '#client/services/clock-context.tsx';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { EmptyState } from '#client/ui/empty-state.tsx';
import { IconButton } from '#client/ui/icon-button.tsx';
import { ArrowDownIcon, MessagesIcon } from '#client/ui/icons.ts';
import { Spinner } from '#client/ui/spinner.tsx';
import { MessageRow } from './message-row.tsx';
import { timelineRows } from './timeline-rows.ts';
import styles from './timeline.module.css';
import { useAnchoredScroll } from './use-anchored-scroll.ts';
import { useReadMarks } from './use-read-marks.ts';

const EmojiDialog = lazy(() => import('./emoji-dialog.tsx').then((module) => ({ default: module.EmojiDialog })));
const DeleteDialog = lazy(() => import('./delete-dialog.tsx').then((module) => ({ default: module.DeleteDialog })));

/** Messages at the end that are always in the document. */
const NEWEST_KEPT = 10;

export interface TimelineProps {
  readonly conversation: ConversationSummary;
  readonly timeline: OpenTimeline;
  readonly onReply: (message: TimelineMessage) => void;
  readonly onEdit: (message: TimelineMessage) => void;
  readonly ref?: Ref<TimelineHandle>;
}

export interface TimelineHandle {
  /** Shows a message and flashes it; loads its part of the history first. Does nothing where this device does not have it. */
  jumpTo(message: EventId): Promise<void>;
  /** Leaves where a person was reading, for the newest message. */
  jumpToLatest(): Promise<void>;
}

/** The messages of a conversation: virtualised, anchored, with what can be done to each. */
export function Timeline({ conversation, timeline, onReply, onEdit, ref }: TimelineProps) {
  const device = useDevice();
  const view = useObservable(timeline.window);
  const people = useObservable(device.people);
  const me = useObservable(device.profile).id;
  const scroller = useRef<HTMLDivElement>(null);
  const [reactingTo, setReactingTo] = useState<TimelineMessage | null>(null);
  const [deleting, setDeleting] = useState<TimelineMessage | null>(null);
  const [flash, setFlash] = useState<EventId | null>(null);

  const nameOf = useCallback(
    (user: UserId) => (user === me ? 'You' : (people.get(user)?.name ?? 'Somebody')),
    [me, people],
  );
  const today = new Date(useNow()).setHours(0, 0, 0, 0);
  const rows = useMemo(
    () => timelineRows(view.messages, view.firstUnread, today),
    [view.messages, view.firstUnread, today],
  );
  const byId = useMemo(() => new Map(view.messages.map((message) => [message.id, message])), [view.messages]);
  const scroll = useAnchoredScroll(view, {
    older: () => void timeline.loadOlder(),
    newer: () => void timeline.loadNewer(),
  });
  const markRead = useReadMarks(conversation.id, view.messages, scroll.list);
  const writable = !conversation.left;

  const jumpTo = useCallback(
    async (message: EventId) => {
      const there = view.messages.some(({ id }) => id === message) || (await timeline.jumpTo(message));
      if (!there) return;
      setFlash(message);
      scroll.scrollTo(message);
    },
    [timeline, view.messages, scroll],
  );
  const { scrollToEnd } = scroll;
  const jumpToLatest = useCallback(() => timeline.jumpToLatest().then(scrollToEnd), [timeline, scrollToEnd]);
  useImperativeHandle(ref, () => ({ jumpTo, jumpToLatest }), [jumpTo, jumpToLatest]);
  const jump = useCallback((message: TimelineMessage) => void jumpTo(message.id), [jumpTo]);
  const copy = useCallback((message: TimelineMessage) => void navigator.clipboard.writeText(message.text), []);
  const toggleReaction = useCallback(
    (message: TimelineMessage, emoji: string, on: boolean) => void device.react(conversation.id, message.id, emoji, on),
    [device, conversation.id],
  );
  // A page in the background draws no frames, so nothing would measure what arrives: the newest are there without.
  const newest = useMemo(
    () => Array.from({ length: Math.min(NEWEST_KEPT, rows.length) }, (_, i) => rows.length - 1 - i).reverse(),
    [rows.length],
  );

  return (
    <section aria-label="Conversation" className={styles.region}>
      <div ref={scroller} className={styles.scroller} tabIndex={-1}>
        <div className={styles.spacer} />
        {view.status === 'loading' && <Spinner label="Loading messages" className={styles.loading} />}
        {view.older === 'fetching' && (
          <p className={styles.fetching}>Older messages are still on their way to this device.</p>
        )}
        {view.status === 'ready' && rows.length === 0 && view.older === 'none' && (
          <EmptyState icon={<MessagesIcon />} title="No messages yet">
            {conversation.left
              ? 'Nothing was written here.'
              : 'Write the first one. It is kept on this device at once, and sent as soon as there is a connection.'}
          </EmptyState>
        )}
        <ShownMessages value={view.messages}>
          <Virtualizer
            ref={scroll.list}
            scrollRef={scroller}
            as={MessageList}
            item={MessageItem}
            shift={scroll.shift}
            bufferSize={600}
            keepMounted={newest}
            onScroll={scroll.onScroll}
            onScrollEnd={markRead}
          >
            {rows.map((row) => (
              <MessageRow
                key={row.message.id}
                row={row}
                me={me}
                group={conversation.kind === 'group'}
                writable={writable}
                flash={flash === row.message.id}
                nameOf={nameOf}
                quoted={row.message.replyTo === null ? undefined : byId.get(row.message.replyTo)}
                onJump={jump}
                onToggleReaction={toggleReaction}
                onReact={setReactingTo}
                onReply={onReply}
                onEdit={onEdit}
                onDelete={setDeleting}
                onCopy={copy}
              />
            ))}
          </Virtualizer>
        </ShownMessages>
        <div className={styles.foot} />
      </div>
      {!scroll.atEnd && view.status === 'ready' && rows.length > 0 && (
        <div className={styles.jump}>
          <IconButton
            label="Jump to latest"
            size="large"
            tone="filled"
            icon={<ArrowDownIcon />}
            {...(conversation.unread > 0 && { 'aria-description': `${conversation.unread} unread messages` })}
            onClick={() => void jumpToLatest()}
          />
          {conversation.unread > 0 && (
            <span aria-hidden className={styles.count}>
              {conversation.unread}
            </span>
          )}
        </div>
      )}
      <Suspense fallback={null}>
        {reactingTo && (
          <EmojiDialog
            onClose={() => setReactingTo(null)}
            onPick={(emoji) => {
              toggleReaction(reactingTo, emoji, true);
              setReactingTo(null);
            }}
          />
        )}
        {deleting && (
          <DeleteDialog message={deleting} conversation={conversation.id} onClose={() => setDeleting(null)} />
        )}
      </Suspense>
    </section>
  );
}

/** The list itself. Its children are one `li` for each message. */
function MessageList({
  children,
  style,
  ref,
}: {
  children: ReactNode;
  style: CSSProperties;
  ref?: Ref<HTMLOListElement>;
}) {
  return (
    <ol ref={ref} style={style} aria-label="Messages" className={styles.list}>
      {children}
    </ol>
  );
}

interface ItemProps {
  readonly children: ReactNode;
  readonly style: CSSProperties;
  readonly index: number;
  readonly ref?: Ref<HTMLLIElement>;
}

/** What the virtualizer draws, for its items: it gives each of them a position and nothing else. */
const ShownMessages = createContext<readonly TimelineMessage[]>([]);

/**
 * The `li` of a message, which carries what outside tools look for. One component for good: the virtualizer measures the element an item had
 * first, and keeps an item hidden that it has not measured; a new component would bring a new element with each message that arrives.
 */
function MessageItem({ children, style, index, ref }: ItemProps) {
  const message = useContext(ShownMessages)[index];
  return (
    <li
      ref={ref}
      style={style}
      tabIndex={-1}
      className={styles.item}
      data-message-id={message?.id}
      data-state={message?.state}
    >
      {children}
    </li>
  );
}
