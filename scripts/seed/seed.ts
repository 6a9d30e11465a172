/** Puts the seeded people and their talk into a database, once: run again it changes nothing that is there. */
import { randomUUID } from 'node:crypto';
import { hash } from 'bcrypt';
import { v5 } from 'uuid';
import { directConversationId } from '#schema/conversation-ids.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { createConversation } from '#server/store/create-conversation.ts';
import { createUser } from '#server/store/create-user.ts';
import type { Database, Queryable } from '#server/store/database.ts';
import { findUsersByEmail, importReplicas, readClocks } from '#server/store/import-target.ts';
import { listSegments } from '#server/store/segments.ts';
import { mergeReceipts } from '#server/store/merge-receipts.ts';
import { updateProfile } from '#server/store/update-profile.ts';
import { pushWithin } from './push-within.ts';
import { SEED_PASSWORD, SEED_PEOPLE, type SeedName } from './people.ts';
import { SEED_CONVERSATIONS, type SeedConversation } from './talk.ts';
import { writeTalk, type SeedWriter } from './write-talk.ts';

/** Makes ids of seeded groups. */
const GROUPS = '0f0a63a5-6a4e-5d0b-9f63-0f3c8f0a7d55';
/** Quick: these accounts are for nobody's eyes. */
const bcryptCost = 8;
/** So many of the last events are unread: something to see in the list. */
const unread = 2;

/** @param now ms since 1970 */
export async function seed(database: Database, now: number): Promise<void> {
  const users = await seedPeople(database);
  for (const talk of SEED_CONVERSATIONS) {
    // All of it or nothing: a half-told story would stay half-told.
    await database.transaction((transaction) => seedConversation(transaction, talk, users, now));
  }
}

async function seedPeople(database: Database): Promise<Map<SeedName, UserId>> {
  const people = Object.entries(SEED_PEOPLE) as [SeedName, (typeof SEED_PEOPLE)[SeedName]][];
  const emails = people.map(([, { email }]) => email);
  const there = await findUsersByEmail(database, emails);
  if (there.includes(undefined)) {
    const passwordHash = await hash(SEED_PASSWORD, bcryptCost);
    for (const [, { name, email, about }] of people.filter((_, i) => there[i] === undefined)) {
      const id = randomUUID() as UserId;
      if (await createUser(database, { id, name, email, passwordHash })) await updateProfile(database, id, { about });
    }
  }
  const found = await findUsersByEmail(database, emails);
  return new Map(people.map(([name], i) => [name, found[i] as UserId]));
}

async function seedConversation(
  transaction: Queryable,
  talk: SeedConversation,
  users: ReadonlyMap<SeedName, UserId>,
  now: number,
): Promise<void> {
  const [owner, ...others] = talk.people.map((name) => users.get(name) as UserId) as [UserId, ...UserId[]];
  const direct = talk.title === null;
  const id = direct
    ? directConversationId(owner, others[0] as UserId)
    : (v5(`${talk.key} ${owner}`, GROUPS) as ConversationId);
  await createConversation(transaction, {
    id,
    kind: direct ? 'direct' : 'group',
    title: talk.title ?? '',
    createdBy: owner,
    others,
  });
  if ((await readClocks(transaction, id)).size > 0) return;
  const replicas = await importReplicas(transaction, [owner, ...others]);
  const writers = new Map(
    talk.people.map((name): [SeedName, SeedWriter] => {
      const user = users.get(name) as UserId;
      return [name, { user, replica: replicas.get(user) as number }];
    }),
  );
  await writeTalk((pushed) => pushWithin(transaction, pushed, now), id, talk, writers, now);
  const { head } = await listSegments(transaction, id, owner);
  const read = { seq: Math.max(0, head - unread), above: {} };
  await mergeReceipts(
    transaction,
    [owner, ...others].map((user) => ({ conversation: id, user, delivered: head, read })),
  );
}
