import { expect, test } from 'vitest';
import { matches, searchWords } from './search-words.ts';

test.each([
  ['Élan vital', 'elan', true],
  ['Élan vital', 'VIT éla', true],
  ['an essay', 'say', false],
  ['version 3.14 is out', '3', true],
  ['你好 世界', '世', true],
  ['hello', 'hello world', false],
  ['hello', '', false],
  ['hello', '?!', false],
])('%j holds %j: %s', (text, query, found) => {
  expect(matches(text, searchWords(query))).toBe(found);
});
