import { describe, expect, test } from 'vitest';
import { parseLine } from './parse-line.ts';

const now = Date.UTC(2026, 10, 1);

describe('parseLine', () => {
  test('a good line is a message; other fields do not matter', () => {
    expect(parseLine('{"at": 1607450229000, "from": " Ana ", "text": " hi \\n", "id": 7}', now)).toEqual({
      at: 1607450229000,
      from: 'Ana',
      text: ' hi \n',
    });
  });

  test('half a surrogate pair is replaced, as UTF-8 would', () => {
    expect(parseLine('{"at": 1, "from": "Ana", "text": "a\\ud83d"}', now)).toEqual({
      at: 1,
      from: 'Ana',
      text: 'a\ufffd',
    });
  });

  const bad: [string, RegExp][] = [
    ['', /not JSON/],
    ['{"at": 1, "from": "Ana", "text": "x"', /not JSON/],
    ['[]', /not an object/],
    ['null', /not an object/],
    ['{"from": "Ana", "text": "x"}', /^at is missing/],
    ['{"at": "2020-01-01", "from": "Ana", "text": "x"}', /^at must be a number/],
    ['{"at": 1.5, "from": "Ana", "text": "x"}', /whole number/],
    ['{"at": -1, "from": "Ana", "text": "x"}', /before 1970/],
    [`{"at": ${now + 120_001}, "from": "Ana", "text": "x"}`, /in the future \(2026-11-01/],
    ['{"at": 9e15, "from": "Ana", "text": "x"}', /in the future/],
    ['{"at": 1, "text": "x"}', /^from is missing/],
    ['{"at": 1, "from": " ", "text": "x"}', /from is empty/],
    ['{"at": 1, "from": 7, "text": "x"}', /from must be a text/],
    ['{"at": 1, "from": "Ana"}', /^text is missing/],
    ['{"at": 1, "from": "Ana", "text": " \\n"}', /text is empty/],
  ];
  test.each(bad)('%s is refused with its reason', (line, reason) => {
    expect(parseLine(line, now)).toEqual({ bad: expect.stringMatching(reason) });
  });

  test('two minutes ahead of the clock are allowed, as to everybody', () => {
    expect(parseLine(`{"at": ${now + 120_000}, "from": "Ana", "text": "x"}`, now)).toMatchObject({ text: 'x' });
  });
});
