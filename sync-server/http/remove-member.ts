import type { RequestHandler } from 'express';
import { ConversationId, UserId } from '#schema/ids.ts';
import { currentMembers, readConversation } from '../store/read-conversation.ts';
import { removeMember as store } from '../store/remove-member.ts';
import type { HttpDeps } from './http-deps.ts';
import { parsePath } from './parse.ts';
import { runCommand } from './run-command.ts';

/** `DELETE /api/conversations/{id}/members/{userId}`: the command that removes somebody from a group, or leaves it. */
export function removeMember(deps: HttpDeps): RequestHandler {
  return runCommand(deps, (request, { user }) => {
    const conversation = parsePath(ConversationId, request.params['id']);
    const target = parsePath(UserId, request.params['userId']);
    return {
      asked: null,
      async execute(transaction) {
        const removed = await store(transaction, conversation, user, target);
        const answer = await readConversation(transaction, conversation, user);
        const announce = (): void => {
          // First the door, then the news: their devices are told that they left, and get nothing else of it any more (R12).
          deps.relay.dropMember(conversation, target);
          deps.relay.relationalChange([...currentMembers(answer), target]);
        };
        return { status: 200, body: answer, ...(removed && { announce }) };
      },
    };
  });
}
