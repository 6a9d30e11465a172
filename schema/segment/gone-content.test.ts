import { expect, test } from 'vitest';
import type { EventId, SegmentName, UserId } from '../ids.ts';
import { deletedTimes, stoodThere } from './gone-content.ts';

const by = '00000000-0000-4000-8000-000000000001' as UserId;
const segment = '2026-11' as SegmentName;
const target = '2026-11.7.0' as EventId;
const place = { segment, replica: 7, clock: 0 };
const at = Date.UTC(2026, 10, 5);

const deletion = { kind: 'delete', by, at: at + 9, target, targetBy: by, targetAt: at };
const deleted = deletedTimes([
  { replica: 7, clock: 0, gone: true },
  { replica: 7, clock: 1, value: deletion },
]);

test('[N3] the message of the time its deletion names stood there, whatever it said', () => {
  expect(stoodThere({ kind: 'message', by, at, text: 'sent again' }, place, deleted)).toBe(true);
});

test('[P3] a message of another time did not: a device wrote it that had forgotten the first', () => {
  expect(stoodThere({ kind: 'message', by, at: at + 1, text: 'another' }, place, deleted)).toBe(false);
});

test('an edit of a deleted message stood in any place that is gone: no deletion names it', () => {
  const edit = { kind: 'edit', by, at: at + 2, target, text: 'changed' };
  expect(stoodThere(edit, { ...place, clock: 2 }, deleted)).toBe(true);
  expect(stoodThere({ ...edit, target: '2026-11.8.0' }, { ...place, clock: 2 }, deleted)).toBe(false);
});
