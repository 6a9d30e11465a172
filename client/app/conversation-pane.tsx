import { useCallback, useRef, useState } from 'react';
import type { EventId } from '#schema/ids.ts';
import { Composer, type ComposerHandle } from '#client/features/composer/composer.tsx';
import { EditComposer } from '#client/features/composer/edit-composer.tsx';
import { Timeline } from '#client/features/timeline/timeline.tsx';
import { useTimeline } from '#client/features/timeline/use-timeline.ts';
import type { ConversationSummary, Timeline as OpenTimeline, TimelineMessage } from '#client/services/device.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import styles from './conversation-pane.module.css';

/** One conversation: what was said, and where one answers. Give it the conversation's id as `key`. */
export function ConversationPane({ conversation }: { conversation: ConversationSummary }) {
  const timeline = useTimeline(conversation.id);
  return <div className={styles.pane}>{timeline && <OpenPane conversation={conversation} timeline={timeline} />}</div>;
}

function OpenPane({ conversation, timeline }: { conversation: ConversationSummary; timeline: OpenTimeline }) {
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

  return (
    <>
      <Timeline conversation={conversation} timeline={timeline} onReply={reply} onEdit={setEditing} />
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
          onEditLast={editLast}
        />
      )}
    </>
  );
}
