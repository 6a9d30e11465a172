import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { mergeJob } from '#server/snapshots/merge-job.ts';
import type { Database } from '#server/store/database.ts';

/** Merges everything of a segment into its snapshot now. */
export async function mergeAll(database: Database, conversation: ConversationId, segment: SegmentName): Promise<void> {
  const session = await database.session();
  try {
    const outcome = await mergeJob(session, { conversation, segment }, { rows: 10_000, bytes: 100_000_000 });
    if (outcome.outcome !== 'merged') throw new Error(`not merged: ${outcome.outcome}`);
  } finally {
    session.release();
  }
}
