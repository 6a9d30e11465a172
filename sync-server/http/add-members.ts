import type { RequestHandler } from 'express';
import { AddMembersRequest } from '#schema/http/conversations.ts';
import { ConversationId } from '#schema/ids.ts';
import { addMembers as store } from '../store/add-members.ts';
import { currentMembers, readConversation } from '../store/read-conversation.ts';
import type { HttpDeps } from './http-deps.ts';
import { parse, parsePath } from './parse.ts';
import { runCommand } from './run-command.ts';

/** `POST /api/conversations/{id}/members`: the command that adds people to a group. */
export function addMembers(deps: HttpDeps): RequestHandler {
  return runCommand(deps, (request, { user }) => {
    const conversation = parsePath(ConversationId, request.params['id']);
    const asked = parse(AddMembersRequest, request.body);
    return {
      asked,
      async execute(transaction) {
        const added = await store(transaction, conversation, user, asked.users);
        const answer = await readConversation(transaction, conversation, user);
        return {
          status: 200,
          body: answer,
          ...(added.length > 0 && { announce: () => deps.relay.relationalChange(currentMembers(answer)) }),
        };
      },
    };
  });
}
