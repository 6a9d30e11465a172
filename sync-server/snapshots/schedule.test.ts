import { describe, expect, test } from 'vitest';
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { UnmergedPage, UnmergedSegment } from '#server/store/unmerged-segments.ts';
import { DUE } from './is-due.ts';
import type { MergeOutcome } from './merge-job.ts';
import { createSchedule } from './schedule.ts';

const start = Date.UTC(2026, 10, 15);
const segment = (conversation: string, change: Partial<UnmergedSegment> = {}): UnmergedSegment => ({
  conversation: conversation as ConversationId,
  segment: '2026-11' as SegmentName,
  rows: DUE.rows,
  bytes: 0,
  lastAt: start,
  deletionAt: null,
  merged: 0,
  ...change,
});
const merged = (more = false): MergeOutcome => ({
  outcome: 'merged',
  rows: 1,
  quarantined: 0,
  events: 1,
  bytes: 1,
  more,
});

/** A schedule over fixed pages, the first of which begins at `first`; `merge` may be given another behaviour. */
function scheduleOver(pages: Record<string, UnmergedPage>, merge: (name: string) => MergeOutcome = () => merged()) {
  const merges: string[] = [];
  const failures: [string, number][] = [];
  let now = start;
  const schedule = createSchedule({
    page: async (after) => pages[after] ?? { segments: [], next: null },
    deletions: async () => [],
    async merge(key, why) {
      merges.push(`${key.conversation} ${why}`);
      return merge(key.conversation);
    },
    now: () => now,
    start: 'first' as ConversationId,
    onFailure: (key, _error, count) => failures.push([key.conversation, count]),
  });
  return { schedule, merges, failures, pass: (ms: number) => (now += ms) };
}

describe('createSchedule', () => {
  test('walks from page to page and begins anew at the first conversation', async () => {
    const zero = '00000000-0000-0000-0000-000000000000';
    const { schedule, merges } = scheduleOver({
      first: { segments: [segment('b')], next: 'b' as ConversationId },
      b: { segments: [segment('c'), segment('d', { rows: 1 })], next: null },
      [zero]: { segments: [segment('a')], next: 'first' as ConversationId },
    });
    for (let i = 0; i < 4; i++) await schedule.turn();
    expect(merges).toEqual(['b many', 'c many', 'a many', 'b many']);
  });

  test('merges a long segment part by part', async () => {
    let parts = 3;
    const { schedule, merges } = scheduleOver({ first: { segments: [segment('a')], next: null } }, () =>
      merged(--parts > 0),
    );
    await schedule.turn();
    expect(merges).toHaveLength(3);
  });

  test('[R11] a segment that fails is left alone for longer and longer, and stops nobody else', async () => {
    const page = { segments: [segment('bad'), segment('good')], next: 'first' as ConversationId };
    const { schedule, merges, failures, pass } = scheduleOver({ first: page }, (name) => {
      if (name === 'bad') throw new Error('broken');
      return merged();
    });
    const minutes = [0, 0.5, 0.6, 1.5, 1];
    for (const minute of minutes) {
      pass(minute * 60_000);
      await schedule.turn();
    }
    expect(merges.filter((name) => name.startsWith('good'))).toHaveLength(minutes.length);
    // At 0, 1.1 and 3.6 minutes: after one minute, then after two.
    expect(failures).toEqual([
      ['bad', 1],
      ['bad', 2],
      ['bad', 3],
    ]);
  });

  test('a node that finds another at a segment goes on', async () => {
    const { schedule, merges } = scheduleOver(
      { first: { segments: [segment('a'), segment('b')], next: null } },
      () => ({ outcome: 'busy' }),
    );
    await schedule.turn();
    expect(merges).toEqual(['a many', 'b many']);
  });
});
