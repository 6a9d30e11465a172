import { useEffect, useState } from 'react';
import type { AppUpdate } from '#client/services/app-update.ts';
import { DeviceBanners } from '#client/features/connection/device-banners.tsx';
import { useNoticeToasts } from '#client/features/connection/use-notice-toasts.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { useSession } from '#client/services/session-context.tsx';
import { AppLayout } from '#client/ui/app-layout/app-layout.tsx';
import { DETAILS_STAY, ONE_PANE } from '#client/ui/app-layout/breakpoints.ts';
import { useToasts } from '#client/ui/toast-context.tsx';
import { useMediaQuery } from '#client/ui/use-media-query.ts';
import { Layer } from './layer.tsx';
import { loadDetails, loadNewConversation, loadSettings, loadSyncDetails, warmUpLayers } from './layers.ts';
import { ListPane } from './list-pane.tsx';
import { MainPane } from './main-pane.tsx';
import { stepConversation, type Shortcut } from './shortcuts.ts';
import { useDocumentTitle } from './use-document-title.ts';
import { usePaneFocus } from './use-pane-focus.ts';
import { usePlaces } from './use-places.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useSyncOnReturn } from './use-sync-on-return.ts';

/** How long the app may settle before what comes later is loaded, in ms; browsers that know idleness wait for it besides. */
const WARM_UP_AFTER_MS = 1_500;

/** The three panes of a signed-in person, and the layers over them. */
export function Shell({ update }: { update: AppUpdate }) {
  const device = useDevice();
  const session = useSession();
  const toasts = useToasts();
  const conversations = useObservable(device.conversations) ?? [];
  const places = usePlaces();
  const { place, under, current } = places;
  const onePane = useMediaQuery(ONE_PANE);
  const detailsMayStay = useMediaQuery(DETAILS_STAY);
  const [layer, setLayer] = useState<'new-conversation' | 'sync-details' | null>(null);
  const [detailsOpen, setDetailsOpen] = useState(false);
  const conversation = conversations.find(({ id }) => id === current);
  const pane = under.kind === 'list' || under.kind === 'settings' ? 'list' : 'main';

  // Where there is no room for good, the details belong to the one conversation.
  const [detailsOf, setDetailsOf] = useState(current);
  if (detailsOf !== current) {
    setDetailsOf(current);
    if (!detailsMayStay) setDetailsOpen(false);
  }

  const closeLayer = () => setLayer(null);
  const notLoaded = () => {
    setLayer(null);
    setDetailsOpen(false);
    if (place.kind === 'settings') places.closeSettings();
    toasts.show({
      kind: 'error',
      text: 'This part of the app is not on this device yet. It opens once there is a network.',
    });
  };

  useNoticeToasts();
  useSyncOnReturn();
  useWarmUp();
  useDocumentTitle(conversations, place.kind === 'settings' ? 'Settings' : (conversation?.title ?? null));
  usePaneFocus(onePane, pane, current);
  useShortcuts((shortcut: Shortcut) => {
    // What lies over the panes has the keyboard to itself.
    if (layer !== null || place.kind === 'settings') return false;
    if (shortcut.act === 'settings') {
      places.openSettings('profile');
      return true;
    }
    const next = stepConversation(conversations, current, shortcut);
    if (next) places.openConversation(next);
    return true;
  });

  const details = detailsOpen && conversation !== undefined && (
    <Layer load={loadDetails} wanted onFail={notLoaded}>
      {(Details) => <Details conversation={conversation} onClose={() => setDetailsOpen(false)} />}
    </Layer>
  );
  return (
    <>
      <AppLayout
        banner={<DeviceBanners update={update} onSignInAgain={() => void session.end(false)} />}
        pane={pane}
        listLabel="Conversations"
        list={
          <ListPane
            current={current}
            linkState={places.linkState}
            onNewConversation={() => setLayer('new-conversation')}
            onSettings={() => places.openSettings('profile')}
            onProfile={() => places.openSettings('profile')}
            onSyncDetails={() => setLayer('sync-details')}
          />
        }
        main={
          <MainPane
            place={under}
            detailsOpen={detailsOpen}
            onToggleDetails={() => setDetailsOpen(!detailsOpen)}
            onSyncDetails={() => setLayer('sync-details')}
            onBack={places.backToList}
          />
        }
        detailsLabel="Details"
        details={details}
        onDetailsClose={() => setDetailsOpen(false)}
      />
      <Layer load={loadNewConversation} wanted={layer === 'new-conversation'} onFail={notLoaded}>
        {(NewConversation) => (
          <NewConversation
            open={layer === 'new-conversation'}
            onClose={closeLayer}
            onStarted={(id) => {
              closeLayer();
              places.openConversation(id);
            }}
          />
        )}
      </Layer>
      <Layer load={loadSyncDetails} wanted={layer === 'sync-details'} onFail={notLoaded}>
        {(SyncDetails) => <SyncDetails open={layer === 'sync-details'} onClose={closeLayer} />}
      </Layer>
      <Layer load={loadSettings} wanted={place.kind === 'settings'} onFail={notLoaded}>
        {(Settings) => (
          <Settings
            open={place.kind === 'settings'}
            section={place.kind === 'settings' ? place.section : 'profile'}
            onSectionChange={places.openSettings}
            onClose={places.closeSettings}
          />
        )}
      </Layer>
    </>
  );
}

/** Loads the layers once the app stands. */
function useWarmUp(): void {
  useEffect(() => {
    const timer = window.setTimeout(() => {
      if ('requestIdleCallback' in window) window.requestIdleCallback(warmUpLayers);
      else warmUpLayers();
    }, WARM_UP_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, []);
}
