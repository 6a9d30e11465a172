import { ConnectionBar } from '#client/features/connection/connection-bar.tsx';
import { ConversationListPane } from '#client/features/conversation-list/conversation-list-pane.tsx';
import type { ConversationId } from '#schema/ids.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { Avatar } from '#client/ui/avatar.tsx';
import { classNames } from '#client/ui/class-names.ts';
import { IconButton } from '#client/ui/icon-button.tsx';
import { ComposeIcon, SettingsIcon } from '#client/ui/icons.ts';
import styles from './shell.module.css';
import type { EntryState } from './use-places.ts';

export interface ListPaneProps {
  readonly current: ConversationId | null;
  readonly linkState: EntryState;
  readonly onNewConversation: () => void;
  readonly onSettings: () => void;
  readonly onProfile: () => void;
  readonly onSyncDetails: () => void;
}

/** The pane on the left: the navigation "Main", the conversations, the connection. */
export function ListPane({
  current,
  linkState,
  onNewConversation,
  onSettings,
  onProfile,
  onSyncDetails,
}: ListPaneProps) {
  const profile = useObservable(useDevice().profile);
  return (
    <>
      <nav aria-label="Main" className={styles.nav}>
        <IconButton
          label="Your profile"
          icon={<Avatar id={profile.id} name={profile.name} size="small" />}
          tooltipSide="bottom"
          onClick={onProfile}
        />
        <span className={classNames('truncate', styles.brand)}>ChatSync+</span>
        <IconButton label="Settings" icon={<SettingsIcon />} tooltipSide="bottom" onClick={onSettings} />
        <IconButton label="New conversation" icon={<ComposeIcon />} tooltipSide="bottom" onClick={onNewConversation} />
      </nav>
      <ConversationListPane current={current} linkState={linkState} onStartConversation={onNewConversation} />
      <ConnectionBar onOpenDetails={onSyncDetails} className={styles.connection} />
    </>
  );
}
