import { useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { EventId } from '#schema/ids.ts';
import { Composer, type ComposerHandle } from '#client/features/composer/composer.tsx';
import { EditComposer } from '#client/features/composer/edit-composer.tsx';
import { MessageSearch, type MessageSearchHandle } from '#client/features/search/message-search.tsx';
import { Timeline, type TimelineHandle } from '#client/features/timeline/timeline.tsx';
import { useTimeline } from '#client/features/timeline/use-timeline.ts';
import type { ConversationSummary, Timeline as OpenTimeline, TimelineMessage } from '#client/services/device.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { ONE_PANE } from '#client/ui/app-layout/breakpoints.ts';
import { IconButton } from '#client/ui/icon-button.tsx';
import { SearchIcon } from '#client/ui/icons.ts';
import { useMediaQuery } from '#client/ui/use-media-query.ts';
import styles from './conversation-pane.module.css';

export interface ConversationPaneProps {
  readonly conversation: ConversationSummary;
  /** The place in the head of the pane for what the conversation adds to it; null until it is there. */
  readonly headActions: Element | null;
}

/** One conversation: what was said, where one looks for it, and where one answers. Give it the conversation's id as `key`. */
export function ConversationPane({ conversation, headActions }: ConversationPaneProps) {
  const timeline = useTimeline(conversation.id);
  return timeline && <OpenPane conversation={conversation} headActions={headActions} timeline={timeline} />;
}

function OpenPane({ conversation, headActions, timeline }: ConversationPaneProps & { timeline: OpenTimeline }) {
  const device = useDevice();
  const people = useObservable(device.people);
  const me = useObservable(device.profile).id;
  const [replyTo, setReplyTo] = useState<EventId | null>(null);
  const [editing, setEditing] = useState<TimelineMessage | null>(null);
  const composer = useRef<ComposerHandle>(null);

  const reply = useCallback((message: TimelineMessage) => {
    setEditing(null);
    setReplyTo(message.id);
    composer.current?.focus();
  }, []);
  const editLast = (): void => {
    const last = timeline.window
      .get()
      .messages.findLast(
        (message) => message.own && !message.deleted && !message.unknown && message.state !== 'failed',
      );
    if (last) setEditing(last);
  };
  const answered = replyTo === null ? undefined : timeline.window.get().messages.find(({ id }) => id === replyTo);
  const answeredName = answered
    ? answered.by === me
      ? 'yourself'
      : (people.get(answered.by)?.name ?? 'somebody')
    : 'an earlier message';

  const wide = !useMediaQuery(ONE_PANE);
  const [searching, setSearching] = useState(false);
  const search = useRef<MessageSearchHandle>(null);
  const jump = useRef<TimelineHandle>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'f')
        return;
      event.preventDefault();
      setSearching(true);
      search.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const box = (
    <MessageSearch
      ref={search}
      conversation={conversation.id}
      onOpen={(hit) => {
        setSearching(false);
        void jump.current?.jumpTo(hit.message.id);
      }}
    />
  );

  return (
    <div className={styles.pane}>
      {headActions &&
        createPortal(
          wide ? (
            box
          ) : (
            <IconButton
              label="Search"
              icon={<SearchIcon />}
              tooltipSide="bottom"
              aria-expanded={searching}
              onClick={() => setSearching(!searching)}
            />
          ),
          headActions,
        )}
      {!wide && searching && <div className={styles.searchBar}>{box}</div>}
      <Timeline ref={jump} conversation={conversation} timeline={timeline} onReply={reply} onEdit={setEditing} />
      {conversation.left ? (
        <p className={styles.left}>You are no longer a member of this group. What was written stays on this device.</p>
      ) : editing ? (
        <EditComposer key={editing.id} conversation={conversation} message={editing} onDone={() => setEditing(null)} />
      ) : (
        <Composer
          ref={composer}
          conversation={conversation}
          replyTo={replyTo === null ? null : { id: replyTo, name: answeredName, text: answered?.text ?? '' }}
          onReplyTo={setReplyTo}
          onSent={() => void jump.current?.jumpToLatest()}
          onEditLast={editLast}
        />
      )}
    </div>
  );
}
