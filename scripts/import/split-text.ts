/** Where a text may be cut, the best first: between paragraphs, lines, sentences, words. */
const boundaries = [/\n\s*\n\s*/g, /\n\s*/g, /(?<=[.!?…]["')\]]?)\s+/g, /\s+/g];

/**
 * Cuts a text that is too long for one message into several, at the best boundary in the second half of each. Nothing is lost but the white
 * space at the cuts.
 * @param limit characters (UTF-16 units) of a part at the most
 */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const cut = findCut(rest, limit);
    parts.push(rest.slice(0, cut.end));
    rest = rest.slice(cut.next);
  }
  if (rest !== '' || parts.length === 0) parts.push(rest);
  return parts;
}

/** The part ends at `end`, what follows begins at `next`. */
function findCut(text: string, limit: number): { end: number; next: number } {
  const window = text.slice(0, limit + 1);
  for (const boundary of boundaries) {
    const last = [...window.matchAll(boundary)].filter(({ index }) => index >= limit / 2 && index <= limit).at(-1);
    if (last) return { end: last.index, next: last.index + last[0].length };
  }
  // One word of this length is code or a picture in letters: cut between characters as people see them.
  const tail = window.slice(limit - 200, limit + 1);
  const starts = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(tail)].map(
    (piece) => limit - 200 + piece.index,
  );
  const end = starts.filter((start) => start > limit - 200 && start <= limit).at(-1) ?? limit;
  return { end, next: end };
}
