import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRead, mergeReadState, nothingRead, ReadState } from './read-state.ts';

const states: fc.Arbitrary<ReadState> = fc.record({
  seq: fc.nat(20),
  above: fc.dictionary(fc.constantFrom('2026-10/1', '2026-11/1', '2026-11/2', '2026-11/4294967295'), fc.nat(10)),
});

describe('[E1] a read state', () => {
  test('merges the same in any order, in any grouping, and twice', () => {
    fc.assert(
      fc.property(states, states, states, (a, b, c) => {
        expect(mergeReadState(a, b)).toEqual(mergeReadState(b, a));
        expect(mergeReadState(mergeReadState(a, b), c)).toEqual(mergeReadState(a, mergeReadState(b, c)));
        expect(mergeReadState(a, a)).toEqual(a);
        expect(mergeReadState(a, nothingRead)).toEqual(a);
      }),
    );
  });

  test('never goes back: what one of both has read is read', () => {
    fc.assert(
      fc.property(
        states,
        states,
        fc.constantFrom('2026-10', '2026-11'),
        fc.constantFrom(1, 2),
        fc.nat(12),
        fc.nat(25),
        (a, b, segment, replica, clock, seq) => {
          const either = isRead(a, segment, replica, clock, seq) || isRead(b, segment, replica, clock, seq);
          expect(isRead(mergeReadState(a, b), segment, replica, clock, seq)).toBe(either);
        },
      ),
    );
  });

  test('an own event that is not committed is read; of others what lies above both is not', () => {
    expect(isRead(nothingRead, '2026-11', 1, 0, null)).toBe(true);
    expect(isRead(nothingRead, '2026-11', 1, 0, 1)).toBe(false);
    expect(isRead({ seq: 5, above: { '2026-11/1': 3 } }, '2026-11', 1, 3, 9)).toBe(true);
    expect(isRead({ seq: 5, above: { '2026-11/1': 3 } }, '2026-11', 1, 4, 9)).toBe(false);
    expect(isRead({ seq: 5, above: { '2026-11/1': 3 } }, '2026-12', 1, 3, 9)).toBe(false);
  });

  test('that names no place is refused', () => {
    expect(ReadState.safeParse({ seq: 0, above: { 'november/1': 3 } }).success).toBe(false);
  });
});
