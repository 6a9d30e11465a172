import type { RequestHandler } from 'express';
import { UpdateConversationRequest } from '#schema/http/conversations.ts';
import { ConversationId } from '#schema/ids.ts';
import { currentMembers, readConversation } from '../store/read-conversation.ts';
import { renameConversation } from '../store/rename-conversation.ts';
import type { HttpDeps } from './http-deps.ts';
import { parse, parsePath } from './parse.ts';
import { runCommand } from './run-command.ts';

/** `PATCH /api/conversations/{id}`: the command that renames a group. */
export function updateConversation(deps: HttpDeps): RequestHandler {
  return runCommand(deps, (request, { user }) => {
    const conversation = parsePath(ConversationId, request.params['id']);
    const asked = parse(UpdateConversationRequest, request.body);
    return {
      asked,
      async execute(transaction) {
        const changed = await renameConversation(transaction, conversation, user, asked.title);
        const answer = await readConversation(transaction, conversation, user);
        return {
          status: 200,
          body: answer,
          ...(changed && { announce: () => deps.relay.relationalChange(currentMembers(answer)) }),
        };
      },
    };
  });
}
