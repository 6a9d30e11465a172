import { Refusal } from '#schema/errors.ts';
import { admitUpdate } from '#server/relay/admit-update.ts';
import { commitUpdates } from '#server/store/commit-updates.ts';
import type { Queryable } from '#server/store/database.ts';
import type { PushedUpdate } from '#server/relay/relay.ts';

/** Admits and commits one update inside a transaction: all of a talk or none of it. Nobody online is told. @throws Refusal */
export async function pushWithin(transaction: Queryable, pushed: PushedUpdate, now: number): Promise<void> {
  const { user, conversation, segment, update } = pushed;
  const { replica, clock, count, needs, asAdmin, bytes } = admitUpdate(update, {
    user,
    segment,
    now,
    foreignOrigins: 0,
  });
  const rows = [{ clock, count, bytes }];
  const [outcome] = await commitUpdates(transaction, [
    { conversation, segment, replica, user, clock, count, asAdmin, needs, rows },
  ]);
  if (outcome?.outcome !== 'stored')
    throw new Refusal('internal', `a seeded message was not stored: ${outcome?.outcome}`);
}
