/** How a search query and a text are compared: letters without their marks, in lower case; every word of the query begins a word of the text. */

const WORD = /[\p{L}\p{N}]+/gu;

/** Lower case, without diacritics: "Élan" and "elan" are the same. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The words of a query, folded; none when there is nothing to search for. */
export function searchWords(query: string): string[] {
  return [...new Set(folded(query).match(WORD) ?? [])];
}

/** Whether every word of the query is the beginning of a word of the text, in any order. */
export function matches(text: string, words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const plain = folded(text);
  if (!words.every((word) => plain.includes(word))) return false;
  const there = plain.match(WORD) ?? [];
  return words.every((word) => there.some((one) => one.startsWith(word)));
}
