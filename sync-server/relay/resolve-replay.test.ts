import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Refusal } from '#schema/errors.ts';
import { encodeBundle } from '#schema/segment/segment-bundle.ts';
import { encodeAppend, encodeDeletion } from '#schema/segment/update-codec.ts';
import type { ConversationId, EventId, ReplicaId, UserId } from '#schema/ids.ts';
import { pushOf } from '#tests/support/pushes.ts';
import { message, noon, november } from '#tests/support/stored-log.ts';
import { mergeSegment } from '../snapshots/merge-segment.ts';
import type { Queryable } from '../store/database.ts';
import { resolveReplays } from './resolve-replay.ts';
import { QueuedPush } from './waiting-push.ts';

const ana = {
  user: '00000000-0000-4000-8000-000000000001' as UserId,
  conversation: '00000000-0000-4000-8000-0000000000c1' as ConversationId,
  replica: 7 as ReplicaId,
};
const sent = message(ana.user, 'deleted since');

/** A log that was merged: a message in the first place, and its deletion in the second. */
function mergedLog(): Queryable {
  const deletion = {
    kind: 'delete' as const,
    by: ana.user,
    at: noon + 5,
    target: `${november}.${ana.replica}.0` as EventId,
    targetBy: ana.user,
    targetAt: sent.at,
  };
  const row = (seq: number, clockFrom: number | null, bytes: Uint8Array) => ({
    seq,
    segment: november,
    replica: clockFrom === null ? null : ana.replica,
    clockFrom,
    clockCount: clockFrom === null ? 0 : 1,
    bytes,
  });
  const { bundle } = mergeSegment(null, [
    row(1, 0, encodeAppend(ana.replica, 0, [sent])),
    row(2, 1, encodeAppend(ana.replica, 1, [deletion])),
    row(3, null, encodeDeletion([{ replica: ana.replica, clock: 0, count: 1 }])),
  ]);
  const body = gzipSync(encodeBundle(bundle));
  return {
    query: async <R>(_text: string, _values?: readonly unknown[], name?: string) =>
      (name === 'stored-bundle' ? [{ body }] : []) as R[],
  };
}

async function verdictOn(event: typeof sent): Promise<unknown> {
  const [verdict] = await resolveReplays(mergedLog(), [new QueuedPush(pushOf(ana, 0, [event]))], 2);
  return verdict;
}

test('[R6] a message that was deleted and merged since is a replay, and does not come back', async () => {
  expect(await verdictOn(sent)).not.toBeInstanceOf(Refusal);
});

test('[W3] another message for the place of one that was deleted and merged is a conflict, and is not lost', async () => {
  expect(
    await verdictOn({ ...sent, at: sent.at + 1, text: 'written by a device that forgot the first' }),
  ).toMatchObject({
    code: 'replica-conflict',
    expected: 2,
  });
});
