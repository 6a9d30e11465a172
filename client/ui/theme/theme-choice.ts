/** What a person can choose; `system` follows the device. */
export type ThemeChoice = 'light' | 'dark' | 'system';

/** Where the choice is kept for the first paint. The setting itself lives with the other settings; this is its copy on the device. */
export const THEME_STORAGE_KEY = 'chatsync.theme';

/** The colour of the browser's own frame in each theme: `--surface-2` of tokens.css (a test compares them). */
export const FRAME_COLOURS = { light: '#f6f7f9', dark: '#1a1c20' } as const;

/** The choice a stored or received value stands for; anything unknown is `system`. */
export function parseThemeChoice(value: unknown): ThemeChoice {
  return value === 'light' || value === 'dark' ? value : 'system';
}
