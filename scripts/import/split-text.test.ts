import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitText } from './split-text.ts';

describe('splitText', () => {
  test('a text that fits stays as it is', () => {
    expect(splitText('hello', 5)).toEqual(['hello']);
    expect(splitText('', 5)).toEqual(['']);
  });

  const filler = (length: number): string =>
    'word '
      .repeat(length)
      .slice(0, length - 1)
      .trimEnd();
  test.each([
    ['paragraphs', '\n\n'],
    ['lines', '\n'],
  ])('it is cut between %s rather than between words', (_name, boundary) => {
    const [first, second] = [filler(300), filler(300)];
    expect(splitText(`${first}${boundary}${second}`, 400)).toEqual([first, second]);
  });

  test('it is cut after a sentence rather than in one', () => {
    const first = `${filler(300)}.`;
    expect(splitText(`${first} ${filler(300)}`, 400)[0]).toBe(first);
  });

  test('an emoji is never cut in two', () => {
    const family = '👨‍👩‍👧‍👦';
    const parts = splitText(family.repeat(100), 301);
    for (const part of parts) expect(part.length % family.length).toBe(0);
  });

  test('whatever the text, every part fits, none is empty, and nothing but white space is lost', () => {
    const texts = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(' ', '\n', '\n\n', '. ', 'word')),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(texts, (pieces) => {
        const text = pieces.join('').trim();
        const parts = splitText(text, 250);
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(250);
        if (text !== '') for (const part of parts) expect(part).not.toBe('');
        expect(parts.join('').replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''));
      }),
    );
  });
});
