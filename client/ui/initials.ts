/**
 * One or two letters that stand for a name: first letters of its first and last words (`most` 1: of the first alone).
 * Works on graphemes, so an emoji or a letter with marks stays whole. A name without letters gives its first sign, an empty one '?'.
 */
export function initials(name: string, most: 1 | 2 = 2): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const lettered = words.filter((word) => /[\p{L}\p{N}]/u.test(word));
  const from = lettered.length > 0 ? lettered : words;
  const first = from[0];
  if (first === undefined) return '?';
  const last = most > 1 && from.length > 1 ? from[from.length - 1] : undefined;
  return (firstGrapheme(first) + (last === undefined ? '' : firstGrapheme(last))).toLocaleUpperCase();
}

function firstGrapheme(word: string): string {
  const start = word.search(/[\p{L}\p{N}]/u);
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(
    start > 0 ? word.slice(start) : word,
  );
  for (const { segment } of segments) return segment;
  return '';
}
