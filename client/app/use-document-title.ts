import { useEffect } from 'react';
import type { ConversationSummary } from '#client/services/device.ts';

/** The tab's title: unread messages, where one is, the app. */
export function documentTitle(conversations: readonly ConversationSummary[], where: string | null): string {
  const unread = conversations.reduce((sum, one) => sum + one.unread, 0);
  return `${unread > 0 ? `(${unread}) ` : ''}${where === null ? '' : `${where} · `}ChatSync+`;
}

/** Keeps the tab's title true. */
export function useDocumentTitle(conversations: readonly ConversationSummary[], where: string | null): void {
  const title = documentTitle(conversations, where);
  useEffect(() => {
    document.title = title;
  }, [title]);
}
