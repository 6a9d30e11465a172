/** A conversation as its row in the list shows it. */
import { directConversationId } from '#schema/conversation-ids.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { Person } from '#schema/wire/people.ts';
import type { ConversationSummary, MessageState } from '#client/services/device.ts';
import type { ListedConversation } from '#client/store/listed-conversation.ts';

/** Whom the device knows, and whose direct conversations are whose. */
export interface Directory {
  readonly user: UserId;
  readonly people: ReadonlyMap<UserId, Person>;
  /** The other person of each direct conversation there is or could be. */
  readonly peers: ReadonlyMap<ConversationId, Person>;
}

/** The directory of the people a device knows. What is in `before` is not computed again: the id of a direct conversation is a hash. */
export function directoryOf(people: readonly Person[], user: UserId, before: Directory | null): Directory {
  const ids = new Map([...(before?.peers ?? [])].map(([id, person]) => [person.id, id]));
  const peers = new Map(people.map((person) => [ids.get(person.id) ?? directConversationId(user, person.id), person]));
  return { user, people: new Map(people.map((person) => [person.id, person])), peers };
}

export function summarise(stored: ListedConversation, directory: Directory): ConversationSummary {
  const { record, lastMessage } = stored;
  const peer = record.kind === 'direct' ? (directory.peers.get(record.id) ?? null) : null;
  return {
    id: record.id,
    kind: record.kind,
    title: record.kind === 'self' ? 'Notes' : record.kind === 'group' ? record.title : (peer?.name ?? 'Unknown person'),
    peer,
    pending: stored.pending,
    left: record.left,
    role: record.role,
    lastMessage: lastMessage && {
      by: lastMessage.by,
      sender:
        lastMessage.by === directory.user ? 'You' : (directory.people.get(lastMessage.by)?.name ?? 'Unknown person'),
      text: lastMessage.unknown ? 'Update to see this' : lastMessage.text,
      deleted: lastMessage.deleted,
      at: lastMessage.at,
      state: stateOf(lastMessage),
    },
    draft: stored.draft && stored.draft.text !== '' ? stored.draft.text : null,
    unread: stored.unread,
    activity: stored.activity,
  };
}

function stateOf({ failed, seq }: NonNullable<ListedConversation['lastMessage']>): MessageState {
  if (failed) return 'failed';
  return seq === null ? 'local' : 'sent';
}
