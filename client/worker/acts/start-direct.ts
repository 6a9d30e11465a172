import { directConversationId } from '#schema/conversation-ids.ts';
import type { ConversationId } from '#schema/ids.ts';
import { nothingRead } from '#schema/read-state.ts';
import type { ConversationRecord, MemberRecord, Person } from '#schema/wire/people.ts';
import type { ActContext } from './act-context.ts';

/** The direct conversation with a person: the one there is, or a new one, pending until the server has it. */
export async function startDirect(context: ActContext, person: Person): Promise<ConversationId> {
  const { store, user } = context;
  const id = directConversationId(user, person.id);
  if (await store.conversation(id)) return id;
  const record: ConversationRecord = {
    id,
    kind: 'direct',
    title: '',
    createdBy: user,
    createdAt: context.clock.next(),
    role: 'member',
    joinedSeq: 0,
    left: false,
    read: nothingRead,
  };
  await store.enqueueCommand(
    {
      key: context.newId(),
      method: 'POST',
      path: '/api/conversations',
      body: { kind: 'direct', with: person.id },
      title: `New conversation with ${person.name}`,
      creates: id,
    },
    {
      conversation: record,
      members: [user, person.id].map((member) => memberOf(id, member, 'member')),
      people: [person],
    },
  );
  return id;
}

/** A member nothing is known of but the role. */
export function memberOf(
  conversation: ConversationId,
  user: MemberRecord['user'],
  role: MemberRecord['role'],
): MemberRecord {
  return { conversation, user, role, left: false, deliveredSeq: 0, readSeq: 0 };
}
