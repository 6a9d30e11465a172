import { memo, useId } from 'react';
import { Link } from 'wouter';
import type { ConversationSummary, MessageState } from '#client/services/device.ts';
import { Avatar } from '#client/ui/avatar.tsx';
import { Badge } from '#client/ui/badge.tsx';
import { classNames } from '#client/ui/class-names.ts';
import { ClockIcon, DoubleTickIcon, FailedIcon, PendingIcon, PeopleIcon, TickIcon } from '#client/ui/icons.ts';
import styles from './conversation-row.module.css';
import { rowTexts } from './row-texts.ts';
import { rowTime } from './row-time.ts';

export interface ConversationRowProps {
  readonly conversation: ConversationSummary;
  /** It is the one shown beside the list. */
  readonly current: boolean;
  /** The one row of the list that Tab reaches. */
  readonly tabbable: boolean;
  /** What the link hands to its entry in the browser's history. */
  readonly linkState: unknown;
  /** ms. */
  readonly now: number;
}

/** What a list item holds: a link named by the title alone, described by what is unread and what was said last. */
export const ConversationRow = memo(function ConversationRow({
  conversation,
  current,
  tabbable,
  linkState,
  now,
}: ConversationRowProps) {
  const id = useId();
  const { title, kind, peer, lastMessage, unread, pending, activity } = conversation;
  const { draft, sender, preview, description } = rowTexts(conversation);
  return (
    <>
      <Link
        state={linkState}
        href={`/c/${conversation.id}`}
        className={classNames(styles.row, unread > 0 && styles.unread)}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-description`}
        aria-current={current ? 'page' : undefined}
        tabIndex={tabbable ? 0 : -1}
        draggable={false}
      >
        <Avatar
          id={peer?.id ?? conversation.id}
          name={title}
          size="large"
          icon={kind === 'group' ? <PeopleIcon size={22} /> : undefined}
        />
        <span className={styles.words}>
          <span className={styles.line}>
            <span id={`${id}-title`} className={classNames('truncate', styles.title)}>
              {title}
            </span>
            {lastMessage?.sender === 'You' && !lastMessage.deleted && draft === null && (
              <StateGlyph state={lastMessage.state} />
            )}
            <span aria-hidden="true" className={classNames('tabular', styles.time)}>
              {rowTime(lastMessage?.at ?? activity, now)}
            </span>
          </span>
          <span className={styles.line} aria-hidden="true">
            <span className={classNames('truncate', styles.preview)}>
              {draft === null ? (
                <>
                  {sender !== '' && <span className={styles.sender}>{sender}</span>}
                  {preview === '' ? 'No messages yet' : preview}
                </>
              ) : (
                <>
                  <span className={styles.draft}>Draft:</span> {draft}
                </>
              )}
            </span>
            {pending && (
              <span className={styles.pending}>
                <PendingIcon size={12} />
                Pending
              </span>
            )}
            <Badge value={unread} />
          </span>
        </span>
      </Link>
      <span id={`${id}-description`} hidden>
        {description}
      </span>
    </>
  );
});

const GLYPHS = {
  local: ClockIcon,
  sent: TickIcon,
  delivered: DoubleTickIcon,
  read: DoubleTickIcon,
  failed: FailedIcon,
} as const;

/** How far the own last message came, for the eye; the description says it in words. */
function StateGlyph({ state }: { state: MessageState }) {
  const Glyph = GLYPHS[state];
  return <Glyph size={16} className={classNames(styles.glyph, styles[state])} />;
}
