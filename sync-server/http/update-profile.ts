import type { RequestHandler } from 'express';
import { Refusal } from '#schema/errors.ts';
import { UpdateProfileRequest, type Me } from '#schema/http/accounts.ts';
import { listCompanions } from '../store/list-companions.ts';
import { updateProfile as store } from '../store/update-profile.ts';
import type { HttpDeps } from './http-deps.ts';
import { parse } from './parse.ts';
import { runCommand } from './run-command.ts';

/** `PATCH /api/me`: the command that changes one's own name or about. Everybody one shares a conversation with sees it. */
export function updateProfile(deps: HttpDeps): RequestHandler {
  return runCommand(deps, (request, { user, device }) => {
    const change = parse(UpdateProfileRequest, request.body);
    return {
      asked: change,
      async execute(transaction) {
        const account = await store(transaction, user, change);
        if (!account) throw new Refusal('not-signed-in');
        const companions = await listCompanions(transaction, user);
        const me: Me = { user: account, device };
        return { status: 200, body: me, announce: () => deps.relay.relationalChange(companions) };
      },
    };
  });
}
