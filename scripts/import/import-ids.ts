import { v5 } from 'uuid';
import type { ConversationId, UserId } from '#schema/ids.ts';

const CONVERSATIONS = '5c1f6a0e-5d0b-5b0c-8a55-3c1f1a0d9e21';

/** The group an import makes: the same for the same title and owner, so that an import that is run again goes on where it was. */
export function importedConversationId(title: string, ownersEmail: string): ConversationId {
  return v5(`${title}\n${ownersEmail.toLowerCase()}`, CONVERSATIONS) as ConversationId;
}

/** The placeholder for a name in an imported group: the same for the same name. */
export function placeholderId(conversation: ConversationId, name: string): UserId {
  return v5(name, conversation) as UserId;
}
