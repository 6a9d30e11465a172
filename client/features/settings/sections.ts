/** The sections of the settings, in their order; the name in the URL is the id. */
export const SECTIONS = ['profile', 'devices', 'appearance', 'about'] as const;

export type Section = (typeof SECTIONS)[number];

/** The section a URL names; null when there is none of that name. */
export function parseSection(name: string): Section | null {
  return SECTIONS.find((section) => section === name) ?? null;
}
