import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import * as z from 'zod';
import { Refusal } from '#schema/errors.ts';
import { claimKey, keepAnswer, type CommandAnswer } from '../store/command-answers.ts';
import type { Queryable } from '../store/database.ts';
import type { HttpDeps } from './http-deps.ts';
import { HttpRefusal } from './http-refusal.ts';
import { requirePrincipal, type Principal } from './principal.ts';

/** How long a key stands for its command: longer than any device keeps a command it has attempted. In days. */
export const keyLifetime = 60;

/** A command ready to be executed: its request was parsed. */
export interface Command {
  /** What is asked, as parsed: the same key with something else asked is refused. */
  readonly asked: unknown;
  /** Does it, inside the transaction that also keeps the answer. What it throws undoes everything. */
  execute(transaction: Queryable): Promise<Executed>;
}

export interface Executed extends CommandAnswer {
  /** Once it is committed: tells those whose devices show it. */
  announce?(): void;
}

const Key = z
  .string()
  .regex(/^[\x21-\x7e]{8,80}$/)
  .optional();

/**
 * The handler of a command: checks who asks and how often, and executes each `Idempotency-Key` once. The same key with the same request gives
 * the same answer, also when both come at once. A refusal changes nothing and is not kept: the command is looked at anew.
 */
export function runCommand(deps: HttpDeps, read: (request: Request, principal: Principal) => Command): RequestHandler {
  return async (request, response) => {
    const principal = requirePrincipal(request);
    const key = readKey(request);
    const command = read(request, principal);
    await deps.limits.request(principal.user);
    const done = await deps.database.transaction(async (transaction): Promise<Executed> => {
      if (key === undefined) return command.execute(transaction);
      const hash = createHash('sha256')
        .update(JSON.stringify([request.method, request.path, command.asked]))
        .digest();
      const claim = await claimKey(transaction, principal.user, key, hash);
      if (claim.kind === 'other-command') throw new Refusal('key-reused');
      if (claim.kind === 'answered') return claim.answer;
      const executed = await command.execute(transaction);
      await keepAnswer(transaction, principal.user, key, executed);
      return executed;
    });
    done.announce?.();
    response.status(done.status);
    if (done.body === null) response.end();
    else response.json(done.body);
  };
}

function readKey(request: Request): string | undefined {
  const key = Key.safeParse(request.get('Idempotency-Key'));
  if (key.success) return key.data;
  throw new HttpRefusal('invalid-request', 'Idempotency-Key must have 8 to 80 characters without spaces.', {
    fields: { 'Idempotency-Key': '8 to 80 characters without spaces' },
  });
}
