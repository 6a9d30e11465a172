import { useState } from 'react';
import { ConnectionStrip } from '#client/features/connection/connection-bar.tsx';
import { ConversationHeader } from '#client/features/conversation-header/conversation-header.tsx';
import type { ConversationId } from '#schema/ids.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { ONE_PANE } from '#client/ui/app-layout/breakpoints.ts';
import { EmptyState } from '#client/ui/empty-state.tsx';
import { ErrorState } from '#client/ui/error-state.tsx';
import { MessagesIcon } from '#client/ui/icons.ts';
import { useMediaQuery } from '#client/ui/use-media-query.ts';
import { CrashBoundary } from './crash-boundary.tsx';
import { Layer } from './layer.tsx';
import { loadConversationPane } from './layers.ts';
import type { Place } from './place.ts';

export interface MainPaneProps {
  readonly place: Place;
  readonly detailsOpen: boolean;
  readonly onToggleDetails: () => void;
  readonly onSyncDetails: () => void;
  readonly onBack: () => void;
}

/** The pane in the middle: a conversation, or what stands there instead. */
export function MainPane({ place, ...acts }: MainPaneProps) {
  if (place.kind === 'conversation') {
    return <ConversationScreen id={place.id} {...acts} />;
  }
  if (place.kind === 'nowhere') {
    return (
      <EmptyState
        headingLevel={1}
        title="There is nothing at this address"
        action={{ label: 'Show conversations', onSelect: acts.onBack }}
      >
        The link may be old, or not complete.
      </EmptyState>
    );
  }
  return <Welcome />;
}

/** Nothing is open. */
function Welcome() {
  const conversations = useObservable(useDevice().conversations);
  if (conversations === null) return null;
  return (
    <EmptyState
      headingLevel={1}
      icon={<MessagesIcon />}
      title={conversations.length === 0 ? 'Welcome to ChatSync+' : 'Choose a conversation'}
    >
      {conversations.length === 0
        ? 'Your conversations appear on the left. They are kept on this device, so they are here without a network too.'
        : 'Or step through them with Alt and the arrow keys.'}
    </EmptyState>
  );
}

interface ConversationScreenProps extends Omit<MainPaneProps, 'place'> {
  readonly id: ConversationId;
}

function ConversationScreen({ id, detailsOpen, onToggleDetails, onSyncDetails, onBack }: ConversationScreenProps) {
  const onePane = useMediaQuery(ONE_PANE);
  const device = useDevice();
  const conversations = useObservable(device.conversations);
  const conversation = conversations?.find((one) => one.id === id);
  const [headActions, setHeadActions] = useState<Element | null>(null);
  const [notLoaded, setNotLoaded] = useState(false);
  if (conversations === null) return null;
  if (!conversation) {
    return (
      <EmptyState
        headingLevel={1}
        icon={<MessagesIcon />}
        title="This conversation is not on this device"
        action={{ label: 'Show conversations', onSelect: onBack }}
      >
        It appears here by itself if you are a member and the server can be reached.
      </EmptyState>
    );
  }
  return (
    <>
      <ConversationHeader
        conversation={conversation}
        detailsOpen={detailsOpen}
        onToggleDetails={onToggleDetails}
        onBack={onBack}
        actionsRef={setHeadActions}
      />
      {onePane && <ConnectionStrip onOpenDetails={onSyncDetails} />}
      {/* One conversation that cannot be shown must not take the others with it. */}
      <CrashBoundary key={id} renderFallback={(reset) => <BrokenConversation onAgain={reset} />}>
        {notLoaded ? (
          <BrokenConversation onAgain={() => setNotLoaded(false)} />
        ) : (
          <Layer load={loadConversationPane} wanted onFail={() => setNotLoaded(true)}>
            {(ConversationPane) => <ConversationPane key={id} conversation={conversation} headActions={headActions} />}
          </Layer>
        )}
      </CrashBoundary>
    </>
  );
}

function BrokenConversation({ onAgain }: { onAgain: () => void }) {
  return (
    <ErrorState title="This conversation cannot be shown" action={{ label: 'Show it again', onSelect: onAgain }}>
      Its messages are safe on this device. The other conversations work.
    </ErrorState>
  );
}
