import { describe, expect, test } from 'vitest';
import { parseArguments } from './parse-args.ts';

describe('parseArguments', () => {
  const good = { file: 'a.jsonl', title: 'A group', into: ['ana@example.org', 'ben@example.org'] };
  test.each([
    [['a.jsonl', '--title', 'A group', '--into', 'ana@example.org', 'ben@example.org']],
    [['--into', 'ana@example.org', '--into', 'ben@example.org', '--title', ' A group ', 'a.jsonl']],
    [['a.jsonl', '--into=ana@example.org,ben@example.org', '--title=A group']],
  ])('%j', (args) => expect(parseArguments(args)).toEqual(good));

  test.each([
    [[], /which file/],
    [['a', 'b', '--title', 'x', '--into', 'e'], /one file at a time, not a and b/],
    [['a', '--into', 'e'], /needs a --title/],
    [['a', '--title', '--into', 'e'], /needs a --title/],
    [['a', '--title', 'x'.repeat(121), '--into', 'e'], /at most 120/],
    [['a', '--title', 'x'], /--into/],
    [['a', '--title', 'x', '--into', 'e', '--fast'], /no option --fast/],
  ])('%j is refused', (args, wrong) => expect(parseArguments(args)).toEqual({ wrong: expect.stringMatching(wrong) }));
});
