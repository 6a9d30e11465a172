import { Refusal } from '#schema/errors.ts';
import type { ConversationId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { nothingRead } from '#schema/read-state.ts';
import type { ConversationRecord, Person } from '#schema/wire/people.ts';
import type { ActContext } from './act-context.ts';
import { memberOf } from './start-direct.ts';

/** A new group with these people, pending until the server has it. @throws Refusal */
export async function createGroup(
  context: ActContext,
  title: string,
  people: readonly Person[],
): Promise<ConversationId> {
  const { store, user } = context;
  const name = title.trim();
  if (name === '') throw new Refusal('invalid-request', 'A group needs a name.');
  if (name.length > LIMITS.titleLength)
    throw new Refusal('invalid-request', `A name may have at most ${LIMITS.titleLength} characters.`);
  const others = people.filter((person) => person.id !== user);
  const id = context.newId() as ConversationId;
  const record: ConversationRecord = {
    id,
    kind: 'group',
    title: name,
    createdBy: user,
    createdAt: context.clock.next(),
    role: 'owner',
    joinedSeq: 0,
    left: false,
    read: nothingRead,
  };
  await store.enqueueCommand(
    {
      key: context.newId(),
      method: 'POST',
      path: '/api/conversations',
      body: { kind: 'group', id, title: name, members: others.map((person) => person.id) },
      title: `New group ${name}`,
      creates: id,
    },
    {
      conversation: record,
      members: [memberOf(id, user, 'owner'), ...others.map((person) => memberOf(id, person.id, 'member'))],
      people: others,
    },
  );
  return id;
}
