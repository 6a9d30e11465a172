import { Refusal } from '#schema/errors.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { Queryable } from './database.ts';
import type { SegmentKey } from './snapshots.ts';

/** The next clock of each replica that has written to a segment. */
export async function segmentClocks(
  database: Queryable,
  { conversation, segment }: SegmentKey,
): Promise<Map<number, number>> {
  const rows = await database.query<{ replica: number; next_clock: number }>(
    `SELECT replica, next_clock FROM replica_clocks WHERE conversation_id = $1 AND segment = $2`,
    [conversation, segment],
    'segment-clocks',
  );
  return new Map(rows.map((row) => [row.replica, row.next_clock]));
}

/** @throws Refusal `unknown-conversation` for who never was a member, `not-a-member` for who is no more */
export async function requireMember(database: Queryable, conversation: ConversationId, user: UserId): Promise<void> {
  const [place] = await database.query<{ left: boolean }>(
    `SELECT left_at IS NOT NULL AS left FROM memberships WHERE conversation_id = $1 AND user_id = $2`,
    [conversation, user],
    'require-member',
  );
  if (!place) throw new Refusal('unknown-conversation');
  if (place.left) throw new Refusal('not-a-member');
}
