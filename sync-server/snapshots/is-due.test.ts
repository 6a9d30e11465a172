import { describe, expect, test } from 'vitest';
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { UnmergedSegment } from '#server/store/unmerged-segments.ts';
import { DUE, isDue, type Due } from './is-due.ts';

const now = Date.UTC(2026, 10, 15, 12);
const quietHour = now - DUE.quietMs;
const segment = (change: Partial<UnmergedSegment>): UnmergedSegment => ({
  conversation: 'c' as ConversationId,
  segment: '2026-11' as SegmentName,
  rows: 1,
  bytes: 200,
  lastAt: now,
  deletionAt: null,
  merged: 0,
  ...change,
});

describe('isDue', () => {
  const cases: [string, Partial<UnmergedSegment>, Due | null][] = [
    ['a few rows of this month wait', {}, null],
    ['a few rows of this month wait, however old', { lastAt: 0 }, null],
    ['many rows are merged', { rows: DUE.rows }, 'many'],
    ['many bytes are merged', { bytes: DUE.bytes }, 'many'],
    ['a large segment waits for more', { rows: DUE.rows, bytes: DUE.bytes, merged: 100_000 }, null],
    ['a large segment is merged at an eighth', { rows: 12_500, merged: 100_000 }, 'many'],
    ['a past month in use waits', { segment: '2026-10' as SegmentName, lastAt: quietHour + 1 }, null],
    ['a past month that is quiet is merged', { segment: '2026-10' as SegmentName, lastAt: quietHour }, 'quiet'],
    ['a month to come waits', { segment: '2026-12' as SegmentName, lastAt: 0 }, null],
    ['[N3] a fresh deletion waits a little for others', { deletionAt: now - DUE.deletionMs + 1 }, null],
    ['[N3] a deletion is merged soon', { deletionAt: now - DUE.deletionMs }, 'deletion'],
  ];
  test.each(cases)('%s', (_name, change, due) => expect(isDue(segment(change), now)).toBe(due));
});
