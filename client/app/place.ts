/** Where in the app a URL leads. */
import type { ConversationId } from '#schema/ids.ts';
import { parseSection, type Section } from '#client/features/settings/sections.ts';

export type Place =
  | { readonly kind: 'list' }
  | { readonly kind: 'conversation'; readonly id: ConversationId }
  | { readonly kind: 'settings'; readonly section: Section }
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'sign-up' }
  | { readonly kind: 'nowhere' };

const CONVERSATION = /^\/c\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/;
const SETTINGS = /^\/settings(?:\/([a-z-]*))?\/?$/;

/** Reads a path. Anything the app does not know is `nowhere`. */
export function parsePlace(path: string): Place {
  const conversation = CONVERSATION.exec(path)?.[1];
  if (conversation !== undefined) return { kind: 'conversation', id: conversation as ConversationId };
  const settings = SETTINGS.exec(path);
  if (settings) return { kind: 'settings', section: parseSection(settings[1] ?? '') ?? 'profile' };
  if (path === '/sign-in') return { kind: 'sign-in' };
  if (path === '/sign-up') return { kind: 'sign-up' };
  return path === '/' || path === '' ? { kind: 'list' } : { kind: 'nowhere' };
}
