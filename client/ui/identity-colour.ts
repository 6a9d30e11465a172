/** How many identity colours tokens.css defines. */
export const IDENTITY_COLOURS = 10;

/**
 * The number (0 to 9) of the colour that belongs to an id: the same on every device and in every session.
 * FNV-1a over the UTF-16 units: ids are short, and it spreads neighbours well.
 */
export function identityColour(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % IDENTITY_COLOURS;
}

/** The CSS value of an id's text colour, for a name on a neutral surface (4.5:1 in both themes). */
export function identityTextColour(id: string): string {
  return `var(--identity-${identityColour(id)}-text)`;
}
