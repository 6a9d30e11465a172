import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

async function linesOf(bytes: Uint8Array, chunk: number): Promise<[number, string | null][]> {
  async function* chunks() {
    for (let i = 0; i < bytes.length; i += chunk) yield bytes.subarray(i, i + chunk);
  }
  const found: [number, string | null][] = [];
  for await (const { number, text } of readLines(chunks())) found.push([number, text]);
  return found;
}

describe('readLines', () => {
  test('lines are numbered as an editor numbers them; empty ones are left out', async () => {
    expect(await linesOf(Buffer.from('\uFEFFone\r\n\n  \nfour\nfive'), 3)).toEqual([
      [1, 'one\r'],
      [4, 'four'],
      [5, 'five'],
    ]);
  });

  test('however the file is cut into chunks, the lines are the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 7 }),
        async (texts, chunk) => {
          const lines = texts.map((text) => `x${text.replaceAll('\n', '')}`);
          expect(await linesOf(Buffer.from(lines.join('\n')), chunk)).toEqual(lines.map((text, i) => [i + 1, text]));
        },
      ),
    );
  });

  test('a line without end is passed over without being kept', async () => {
    const endless = Buffer.alloc(9 << 20, 'x');
    expect(await linesOf(Buffer.concat([endless, Buffer.from('\nnext')]), 1 << 16)).toEqual([
      [1, null],
      [2, 'next'],
    ]);
    expect(await linesOf(endless, 1 << 16)).toEqual([[1, null]]);
  });
});
