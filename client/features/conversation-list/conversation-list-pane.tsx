import { useDeferredValue, useMemo, useState } from 'react';
import type { ConversationId } from '#schema/ids.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { EmptyState } from '#client/ui/empty-state.tsx';
import { MessagesIcon, SearchIcon } from '#client/ui/icons.ts';
import { SearchBox } from '#client/ui/search-box.tsx';
import { ConversationListSkeleton } from './conversation-list-skeleton.tsx';
import { ConversationList } from './conversation-list.tsx';
import styles from './conversation-list.module.css';
import { filterConversations } from './filter-conversations.ts';

export interface ConversationListPaneProps {
  /** The conversation shown beside the list. */
  readonly current: ConversationId | null;
  /** What each link hands to its entry in the browser's history. */
  readonly linkState: unknown;
  /** The one thing to do where there is no conversation. */
  readonly onStartConversation: () => void;
}

/** The searchbox "Search conversations" and the list under it, or what stands there instead. */
export function ConversationListPane({ current, linkState, onStartConversation }: ConversationListPaneProps) {
  const conversations = useObservable(useDevice().conversations);
  const [query, setQuery] = useState('');
  // The letters one types come first, the rows follow.
  const sought = useDeferredValue(query);
  const found = useMemo(() => filterConversations(conversations ?? [], sought), [conversations, sought]);

  return (
    <>
      <SearchBox label="Search conversations" value={query} onValueChange={setQuery} className={styles.search} />
      {conversations === null ? (
        <ConversationListSkeleton />
      ) : found.length > 0 ? (
        <ConversationList conversations={found} current={current} linkState={linkState} />
      ) : (
        <div className={styles.centre}>
          {conversations.length === 0 ? (
            <EmptyState
              icon={<MessagesIcon />}
              title="No conversations yet"
              action={{ label: 'Start a conversation', onSelect: onStartConversation }}
            >
              Write to somebody, or make a group. It works without a network too.
            </EmptyState>
          ) : (
            <EmptyState
              size="compact"
              icon={<SearchIcon />}
              title="Nothing found"
              action={{ label: 'Show all', onSelect: () => setQuery('') }}
            >
              No conversation is called “{sought.trim()}”.
            </EmptyState>
          )}
        </div>
      )}
    </>
  );
}
