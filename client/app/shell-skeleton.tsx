import { ConversationListSkeleton } from '#client/features/conversation-list/conversation-list-skeleton.tsx';
import { AppLayout } from '#client/ui/app-layout/app-layout.tsx';
import styles from './shell.module.css';

/** Holds the places of the panes for the moment in which the device is opened. */
export function ShellSkeleton() {
  return (
    <AppLayout
      pane="list"
      listLabel="Conversations"
      list={
        <>
          <div className={styles.nav} />
          <ConversationListSkeleton />
        </>
      }
      main={null}
      detailsLabel="Details"
      onDetailsClose={() => undefined}
    />
  );
}
