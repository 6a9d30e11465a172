import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimelineMessage, TimelineWindow } from '#client/services/device.ts';
import { applySplice, emptyWindow, spliceBetween } from './window-splice.ts';

const pool = Array.from({ length: 12 }, (_, i) => ({ text: String(i) }) as TimelineMessage);
const windowOf = (messages: TimelineMessage[]): TimelineWindow => ({ ...emptyWindow, status: 'ready', messages });
const windows = fc.subarray(pool).map(windowOf);

test('a splice leads from any window to any other', () => {
  fc.assert(
    fc.property(windows, windows, (before, after) => {
      expect(applySplice(before, spliceBetween(before, after))).toEqual(after);
    }),
  );
});

test('one more message crosses alone, and the others stay the same objects', () => {
  const before = windowOf(pool.slice(0, 5));
  const splice = spliceBetween(before, windowOf(pool.slice(0, 6)));
  expect(splice).toMatchObject({ from: 5, remove: 0, insert: [pool[5]] });
  expect(applySplice(before, splice).messages[2]).toBe(pool[2]);
});

test('nothing changed but the state: the list of messages is the same object', () => {
  const before = windowOf(pool.slice(0, 5));
  const after = { ...before, older: 'more' as const };
  expect(applySplice(before, spliceBetween(before, after)).messages).toBe(before.messages);
});
