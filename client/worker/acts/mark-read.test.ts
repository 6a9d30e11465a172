import { expect, test } from 'vitest';
import type { SegmentName } from '#schema/ids.ts';
import { isRead } from '#schema/read-state.ts';
import type { UnreadMessage } from '#client/store/device-store.ts';
import { readStateOf } from './mark-read.ts';

const november = '2026-11' as SegmentName;
const unread = (replica: number, clock: number, seq: number, at: number): UnreadMessage => ({
  segment: november,
  replica,
  clock,
  seq,
  at,
});

test('everything was seen: all that the device has is read', () => {
  expect(readStateOf([unread(1, 0, 3, 10), unread(1, 1, 4, 11)], () => true, 9)).toEqual({ seq: 9, above: {} });
});

test('what stands after the last one seen stays unread', () => {
  const messages = [unread(1, 0, 3, 10), unread(1, 1, 4, 11), unread(2, 0, 5, 12)];
  expect(readStateOf(messages, ({ at }) => at <= 11, 9)).toEqual({ seq: 4, above: {} });
});

test('a message that was written offline and came late is read alone, and not what came before it', () => {
  const late = unread(2, 0, 7, 5);
  const messages = [unread(1, 0, 3, 10), late];
  const state = readStateOf(messages, ({ at }) => at <= 5, 9);
  expect(state).toEqual({ seq: 2, above: { '2026-11/2': 0 } });
  expect(isRead(state, november, 2, 0, 7)).toBe(true);
  expect(isRead(state, november, 1, 0, 3)).toBe(false);
});
