import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SegmentName, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { makeChains, type NewMessage } from './make-chains.ts';

const user = '00000000-0000-4000-8000-000000000002' as UserId;

test('whatever is imported, each writer’s month is one chain of updates within the limits, and holds every message in order', () => {
  const message = fc.record({
    replica: fc.integer({ min: 1, max: 3 }),
    segment: fc.constantFrom('2026-10', '2026-11'),
    text: fc.string({ minLength: 1, unit: 'grapheme' }),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 60 }), fc.nat(5), (given, start) => {
      const messages = given.map((one, number): NewMessage => ({
        ...one,
        segment: one.segment as SegmentName,
        user,
        at: number,
        number,
      }));
      const chains = makeChains(messages, () => start);
      for (const { updates, messages: own } of chains) {
        const written = updates.flatMap(({ bytes }) => decodeUpdate(bytes).elements);
        expect(written.map(({ value }) => value)).toEqual(
          own.map(({ at, text }) => ({ kind: 'message', by: user, at, text })),
        );
        expect(written.map(({ clock }) => clock)).toEqual(own.map((_, i) => start + i));
        expect(updates.reduce((sum, { count }) => sum + count, 0)).toBe(own.length);
      }
      expect(new Set(chains.map(({ segment, replica }) => `${segment}/${replica}`)).size).toBe(chains.length);
      expect(chains.flatMap(({ messages: own }) => own.map(({ number }) => number)).sort((a, b) => a - b)).toEqual(
        messages.map(({ number }) => number),
      );
    }),
  );
});

test('no update is larger than may be pushed', () => {
  const long = '…'.repeat(LIMITS.textLength);
  const short = Array.from({ length: 2_500 }, () => 'x');
  const messages = [...Array.from({ length: 40 }, () => long), ...short].map((text, number): NewMessage => ({
    segment: '2026-11' as SegmentName,
    replica: 1,
    user,
    at: 1,
    number,
    text,
  }));
  const rows = makeChains(messages, () => 0)[0]?.updates ?? [];
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    expect(row.bytes.length).toBeLessThanOrEqual(LIMITS.updateBytes);
    expect(row.count).toBeLessThanOrEqual(LIMITS.updateEvents);
  }
});
