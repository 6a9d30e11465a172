import { expect, test, vi } from 'vitest';
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { COMPACT_UPDATES } from './limits.ts';
import { createUpkeep } from './upkeep.ts';

const conversation = '00000000-0000-4000-8000-0000000000c1' as ConversationId;
const segment = '2026-11' as SegmentName;

function setUp() {
  let waiting: (() => void) | null = null;
  const compact = vi.fn(() => Promise.resolve());
  const failed = vi.fn();
  const upkeep = createUpkeep(
    (act) => {
      waiting = act;
      return () => {
        waiting = null;
      };
    },
    compact,
    failed,
  );
  const pass = async (): Promise<void> => {
    const act = waiting;
    waiting = null;
    act?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { upkeep, compact, failed, pass, planned: () => waiting !== null };
}

test('a segment is merged once enough updates gathered, and counted anew then', async () => {
  const { upkeep, compact, pass, planned } = setUp();
  upkeep.note(conversation, segment, COMPACT_UPDATES - 1, false);
  expect(planned()).toBe(false);
  upkeep.note(conversation, segment, 1, false);
  upkeep.note(conversation, segment, 1, false);
  await pass();
  expect(compact.mock.calls).toEqual([[conversation, segment]]);
  upkeep.note(conversation, segment, 1, false);
  expect(planned()).toBe(false);
});

test('[N3] a deletion makes it due at once', async () => {
  const { upkeep, compact, pass } = setUp();
  upkeep.note(conversation, segment, 1, true);
  await pass();
  expect(compact).toHaveBeenCalledOnce();
});

test('a failure is told and does not end the upkeep; nothing is done once it was stopped', async () => {
  const { upkeep, compact, failed, pass } = setUp();
  compact.mockRejectedValueOnce(new Error('no'));
  upkeep.note(conversation, segment, 1, true);
  await pass();
  expect(failed).toHaveBeenCalledOnce();
  upkeep.note(conversation, segment, 1, true);
  upkeep.stop();
  await pass();
  expect(compact).toHaveBeenCalledOnce();
});
