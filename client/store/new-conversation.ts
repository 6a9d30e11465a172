import { nothingRead } from '#schema/read-state.ts';
import type { ConversationRecord } from '#schema/wire/people.ts';
import type { ConversationRow } from './database-rows.ts';

/** The row of a conversation nothing is known of but its record. */
export function newConversation(record: ConversationRecord): ConversationRow {
  return {
    id: record.id,
    record,
    confirmed: null,
    round: 0,
    halted: false,
    cursor: null,
    ahead: [],
    head: 0,
    read: nothingRead,
    unread: 0,
    last: null,
    lastStale: false,
    folds: 0,
    draft: null,
  };
}
