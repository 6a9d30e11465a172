import { describe, expect, test } from 'vitest';
import { createLedger, type SegmentLedger } from './segment-ledger.ts';

const message = (at: number, text: string) => ({ kind: 'message', by: 'x', at, text });
const elements = (...values: unknown[]) =>
  values.flatMap((value, clock) => (value === null ? [] : [{ replica: 1, clock, value }]));
const takeAll = (ledger: SegmentLedger, lines: readonly [number, string][]): boolean[] =>
  lines.map(([at, text]) => ledger.take(at, text));

describe('createLedger', () => {
  test('what is there is known, in whatever order; what is not, is not', () => {
    const ledger = createLedger(elements(message(1, 'one'), message(2, 'two')), []);
    expect(
      takeAll(ledger, [
        [2, 'two'],
        [1, 'other'],
        [1, 'one'],
        [2, 'one'],
      ]),
    ).toEqual([true, false, true, false]);
  });

  test('the same message twice is there as often as it stands there', () => {
    const ledger = createLedger(elements(message(1, 'hi'), message(1, 'hi')), []);
    expect(
      takeAll(ledger, [
        [1, 'hi'],
        [1, 'hi'],
        [1, 'hi'],
      ]),
    ).toEqual([true, true, false]);
  });

  test('long texts that differ at their ends differ', () => {
    const long = 'x'.repeat(500);
    const ledger = createLedger(elements(message(1, `${long}a`)), []);
    expect(
      takeAll(ledger, [
        [1, `${long}b`],
        [1, `${long}a`],
      ]),
    ).toEqual([false, true]);
  });

  test('what was deleted since is not brought back', () => {
    const ledger = createLedger(elements(message(1, 'one'), null, message(3, 'three')), [
      { replica: 1, clock: 1, count: 1 },
    ]);
    expect(
      takeAll(ledger, [
        [1, 'one'],
        [2, 'deleted since'],
        [3, 'three'],
        [4, 'new'],
      ]),
    ).toEqual([true, true, true, false]);
  });

  test('other kinds of events are no messages', () => {
    const ledger = createLedger(elements({ kind: 'edit', by: 'x', at: 1, target: 't', text: 'one' }), []);
    expect(ledger.take(1, 'one')).toBe(false);
  });
});
