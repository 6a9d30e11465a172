import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { CreateConversationRequest } from '#schema/http/conversations.ts';
import { directConversationId, selfConversationId } from '#schema/conversation-ids.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { createConversation as store, type NewConversation } from '../store/create-conversation.ts';
import { currentMembers, readConversation } from '../store/read-conversation.ts';
import type { HttpDeps } from './http-deps.ts';
import { HttpRefusal } from './http-refusal.ts';
import { parse } from './parse.ts';
import { runCommand } from './run-command.ts';

/** `POST /api/conversations`: the command that creates a conversation, or finds it created. 201 when it was created now, else 200. */
export function createConversation(deps: HttpDeps): RequestHandler {
  return runCommand(deps, (request, { user }) => {
    const asked = parse(CreateConversationRequest, request.body);
    const wanted = newConversation(asked, user);
    return {
      asked,
      async execute(transaction) {
        const created = await store(transaction, wanted);
        const answer = await readConversation(transaction, wanted.id, user);
        return {
          status: created ? 201 : 200,
          body: answer,
          ...(created && { announce: () => deps.relay.relationalChange(currentMembers(answer)) }),
        };
      },
    };
  });
}

/** The ids of direct and self conversations follow from their people: no request can name another. */
function newConversation(asked: CreateConversationRequest, user: UserId): NewConversation {
  switch (asked.kind) {
    case 'group':
      return {
        id: asked.id ?? (randomUUID() as ConversationId),
        kind: 'group',
        title: asked.title,
        createdBy: user,
        others: asked.members,
      };
    case 'direct':
      if (asked.with === user)
        throw new HttpRefusal('invalid-request', 'A conversation with oneself is of the kind self.', {
          fields: { with: 'must be somebody else' },
        });
      return {
        id: directConversationId(user, asked.with),
        kind: 'direct',
        title: '',
        createdBy: user,
        others: [asked.with],
      };
    case 'self':
      return { id: selfConversationId(user), kind: 'self', title: '', createdBy: user, others: [] };
  }
}
