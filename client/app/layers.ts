import type { ConversationPaneProps } from './conversation-pane.tsx';
import type { LoadLayer } from './layer.tsx';
import type { ConversationDetailsProps } from '#client/features/conversation-details/conversation-details.tsx';
import type { NewConversationDialogProps } from '#client/features/people/new-conversation-dialog.tsx';
import type { SettingsDialogProps } from '#client/features/settings/settings-dialog.tsx';
import type { SyncDetailsDialogProps } from '#client/features/connection/sync-details-dialog.tsx';

// What a person reaches for later, each in a script of its own: the list shows without them.

export const loadConversationPane: LoadLayer<ConversationPaneProps> = () =>
  import('./conversation-pane.tsx').then((module) => module.ConversationPane);

export const loadNewConversation: LoadLayer<NewConversationDialogProps> = () =>
  import('#client/features/people/new-conversation-dialog.tsx').then((module) => module.NewConversationDialog);

export const loadSettings: LoadLayer<SettingsDialogProps> = () =>
  import('#client/features/settings/settings-dialog.tsx').then((module) => module.SettingsDialog);

export const loadSyncDetails: LoadLayer<SyncDetailsDialogProps> = () =>
  import('#client/features/connection/sync-details-dialog.tsx').then((module) => module.SyncDetailsDialog);

export const loadDetails: LoadLayer<ConversationDetailsProps> = () =>
  import('#client/features/conversation-details/conversation-details.tsx').then((module) => module.ConversationDetails);

const ALL = [loadConversationPane, loadNewConversation, loadSettings, loadSyncDetails, loadDetails];

/** Loads all of them while nothing else happens, so that the first press opens at once. What fails is loaded when it is wanted. */
export function warmUpLayers(): void {
  for (const load of ALL) load().catch(() => undefined);
}
