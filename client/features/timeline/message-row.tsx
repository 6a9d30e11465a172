import { memo, type ReactNode } from 'react';
import type { UserId } from '#schema/ids.ts';
import type { TimelineMessage } from '#client/services/device.ts';
import { Avatar } from '#client/ui/avatar.tsx';
import { classNames } from '#client/ui/class-names.ts';
import { identityColour } from '#client/ui/identity-colour.ts';
import { Separator } from '#client/ui/separator.tsx';
import { fullLabel, timeLabel } from './date-labels.ts';
import styles from './message-row.module.css';
import { MessageState } from './message-state.tsx';
import { MessageToolbar, type MessageActions } from './message-toolbar.tsx';
import { Reactions } from './reactions.tsx';
import type { TimelineRow } from './timeline-rows.ts';

export interface MessageRowProps extends MessageActions {
  readonly row: TimelineRow;
  readonly me: UserId;
  /** Names and faces stand beside the messages of others. */
  readonly group: boolean;
  readonly writable: boolean;
  /** Jumped to: flashes once. */
  readonly flash: boolean;
  readonly nameOf: (user: UserId) => string;
  /** The message a reply answers; undefined where it is not loaded. */
  readonly quoted: TimelineMessage | undefined;
  readonly onJump: (message: TimelineMessage) => void;
  readonly onToggleReaction: (message: TimelineMessage, emoji: string, on: boolean) => void;
}

/** One message with what stands above it: its day, the divider, its sender. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, me, group, writable, flash, nameOf, quoted, onJump, onToggleReaction, ...actions } = props;
  const { message, first, last } = row;
  const faces = group && !message.own;
  return (
    <>
      {row.day !== null && <Separator look="pill" label={row.day} className={styles.separator} />}
      {row.unreadStart && <Separator look="accent" label="New messages" className={styles.separator} />}
      <div
        className={classNames(
          styles.row,
          message.own ? styles.own : styles.other,
          first && styles.first,
          flash && styles.flash,
        )}
      >
        {faces && (
          <span className={styles.face}>
            {last && <Avatar id={message.by} name={nameOf(message.by)} size="small" />}
          </span>
        )}
        <div className={styles.column}>
          {faces && first && (
            <span className={styles.sender} style={{ color: `var(--identity-${identityColour(message.by)}-text)` }}>
              {nameOf(message.by)}
            </span>
          )}
          <div
            className={classNames(
              styles.bubble,
              !first && styles.joinedAbove,
              !last && styles.joinedBelow,
              message.state === 'failed' && styles.failed,
              (message.deleted || message.unknown) && styles.hollow,
            )}
          >
            {message.replyTo !== null && !message.deleted && <Quote quoted={quoted} nameOf={nameOf} onJump={onJump} />}
            <span className={styles.text} dir="auto" data-testid="message-text">
              {bodyOf(message)}
            </span>
            <span className={styles.meta}>
              {message.versions.length > 1 && <span>Edited</span>}
              <time dateTime={new Date(message.at).toISOString()} title={fullLabel(message.at)}>
                {timeLabel(message.at)}
              </time>
              {message.own && <MessageState state={message.state} />}
            </span>
          </div>
          {message.failure !== null && <span className={styles.failure}>Not delivered: {message.failure}</span>}
          <Reactions
            message={message}
            me={me}
            nameOf={nameOf}
            onToggle={(emoji, on) => onToggleReaction(message, emoji, on)}
          />
        </div>
        {!message.deleted && !message.unknown && <MessageToolbar message={message} writable={writable} {...actions} />}
      </div>
    </>
  );
});

/** What stands in the bubble. */
function bodyOf(message: TimelineMessage): ReactNode {
  if (message.deleted) return 'Message deleted';
  if (message.unknown) return 'Update to see this';
  return message.text;
}

function Quote({
  quoted,
  nameOf,
  onJump,
}: {
  quoted: TimelineMessage | undefined;
  nameOf: (user: UserId) => string;
  onJump: (message: TimelineMessage) => void;
}) {
  if (!quoted) return <span className={styles.quote}>An earlier message</span>;
  return (
    <button type="button" className={styles.quote} onClick={() => onJump(quoted)}>
      <strong>{nameOf(quoted.by)}</strong>
      <span>{bodyOf(quoted)}</span>
    </button>
  );
}
