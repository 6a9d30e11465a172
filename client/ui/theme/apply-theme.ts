import { FRAME_COLOURS, THEME_STORAGE_KEY, type ThemeChoice } from './theme-choice.ts';

/**
 * Puts a choice of theme on the page (`data-theme` of the root, the colour of the browser's frame) and remembers it for the next first paint.
 * A device that refuses storage only loses the memory.
 */
export function applyTheme(choice: ThemeChoice, page: Document = document): void {
  page.documentElement.dataset['theme'] = choice;
  for (const scheme of ['light', 'dark'] as const) {
    const colour = FRAME_COLOURS[choice === 'system' ? scheme : choice];
    frameColour(page, scheme).content = colour;
  }
  try {
    page.defaultView?.localStorage.setItem(THEME_STORAGE_KEY, choice);
  } catch {
    // Storage is off: the choice holds for this page.
  }
}

/** The `theme-color` of one colour scheme; made if the page has none. */
function frameColour(page: Document, scheme: 'light' | 'dark'): HTMLMetaElement {
  const media = `(prefers-color-scheme: ${scheme})`;
  const found = page.head.querySelector<HTMLMetaElement>(`meta[name="theme-color"][media="${media}"]`);
  if (found) return found;
  const meta = page.createElement('meta');
  meta.name = 'theme-color';
  meta.setAttribute('media', media);
  page.head.append(meta);
  return meta;
}
