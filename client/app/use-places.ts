import { useCallback, useEffect } from 'react';
import { useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import type { ConversationId } from '#schema/ids.ts';
import type { Section } from '#client/features/settings/sections.ts';
import { parsePlace, type Place } from './place.ts';

/** What an entry of the browser's history remembers besides its address. */
export interface EntryState {
  /** What the settings lie over. */
  readonly under?: string;
  /** The entry before it is where one came from inside the app: going back leads there. */
  readonly pushed?: boolean;
  /** What somebody wanted to see before they had to sign in. */
  readonly wanted?: string;
}

export interface Places {
  readonly place: Place;
  /** What is shown in the panes: under the settings, it is what was there before. */
  readonly under: Place;
  /** The conversation in the main pane. */
  readonly current: ConversationId | null;
  /** What a link to a conversation hands to its entry, so that Back leads to the list where one came from it. */
  readonly linkState: EntryState;
  readonly openConversation: (id: ConversationId) => void;
  /** Back to the list: of a phone's conversation. */
  readonly backToList: () => void;
  readonly openSettings: (section: Section) => void;
  readonly closeSettings: () => void;
}

/** Where a signed-in person is, and the ways from there. The browser's Back and Forward work everywhere. */
export function usePlaces(): Places {
  const [path, navigate] = useLocation();
  const state = useHistoryState<EntryState | null>() ?? {};
  const place = parsePlace(path);
  const inSettings = place.kind === 'settings';
  const underPath = inSettings ? (state.under ?? '/') : path;
  const under = parsePlace(underPath);
  const fromList = under.kind === 'list';
  const pushed = state.pushed === true;

  // Signed in already: the form has nothing to offer.
  const entry = place.kind === 'sign-in' || place.kind === 'sign-up';
  const wanted = state.wanted ?? '/';
  useEffect(() => {
    if (entry) navigate(wanted, { replace: true });
  }, [entry, wanted, navigate]);

  return {
    place,
    under,
    current: under.kind === 'conversation' ? under.id : null,
    linkState: { pushed: fromList },
    openConversation: useCallback(
      (id) => navigate(`/c/${id}`, { replace: inSettings, state: { pushed: fromList } satisfies EntryState }),
      [navigate, inSettings, fromList],
    ),
    backToList: useCallback(() => {
      if (pushed && !inSettings) history.back();
      else navigate('/', { replace: true });
    }, [navigate, pushed, inSettings]),
    openSettings: useCallback(
      (section) => {
        const entryState: EntryState = { under: underPath, pushed: inSettings ? pushed : true };
        navigate(`/settings/${section}`, { replace: inSettings, state: entryState });
      },
      [navigate, inSettings, underPath, pushed],
    ),
    closeSettings: useCallback(() => {
      if (pushed) history.back();
      else navigate(underPath, { replace: true });
    }, [navigate, pushed, underPath]),
  };
}
