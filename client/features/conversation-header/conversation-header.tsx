import type { Ref } from 'react';
import type { ConversationSummary } from '#client/services/device.ts';
import { Avatar } from '#client/ui/avatar.tsx';
import { IconButton } from '#client/ui/icon-button.tsx';
import { BackIcon, DetailsIcon, PeopleIcon } from '#client/ui/icons.ts';
import { ONE_PANE } from '#client/ui/app-layout/breakpoints.ts';
import { useMediaQuery } from '#client/ui/use-media-query.ts';
import styles from './conversation-header.module.css';
import { useSubtitle } from './use-subtitle.ts';

export interface ConversationHeaderProps {
  readonly conversation: ConversationSummary;
  readonly detailsOpen: boolean;
  readonly onToggleDetails: () => void;
  /** Back to the list, where it is not beside the conversation. */
  readonly onBack: () => void;
  /** Given the place before "Details" for what else can be done here: it is filled from elsewhere, so that the title stays as it is. */
  readonly actionsRef?: Ref<HTMLDivElement>;
}

/** The head of the main pane: whose conversation it is, as its heading of level 1. */
export function ConversationHeader({
  conversation,
  detailsOpen,
  onToggleDetails,
  onBack,
  actionsRef,
}: ConversationHeaderProps) {
  const onePane = useMediaQuery(ONE_PANE);
  const subtitle = useSubtitle(conversation);
  const { id, title, kind, peer } = conversation;
  return (
    <header className={styles.header}>
      {onePane && <IconButton label="Back" icon={<BackIcon />} tooltipSide="bottom" onClick={onBack} />}
      <Avatar id={peer?.id ?? id} name={title} icon={kind === 'group' ? <PeopleIcon size={18} /> : undefined} />
      <div className={styles.words}>
        <h1 tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {subtitle !== null && <p className={styles.subtitle}>{subtitle}</p>}
      </div>
      <div ref={actionsRef} className={styles.actions} />
      <IconButton
        label="Details"
        icon={<DetailsIcon />}
        tooltipSide="bottom"
        aria-expanded={detailsOpen}
        onClick={onToggleDetails}
      />
    </header>
  );
}
