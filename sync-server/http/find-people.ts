import type { RequestHandler } from 'express';
import * as z from 'zod';
import type { PeopleAnswer } from '#schema/http/people.ts';
import { LIMITS } from '#schema/limits.ts';
import { findPeople as searchPeople } from '../store/find-people.ts';
import type { HttpDeps } from './http-deps.ts';
import { parse } from './parse.ts';
import { requirePrincipal } from './principal.ts';

const Search = z.object({ query: z.string().trim().min(1).max(LIMITS.emailLength) });

/** `GET /api/people?query=…`: people by the beginning of a name, or by their exact email. */
export function findPeople({ database, limits }: HttpDeps): RequestHandler {
  return async (request, response) => {
    const { user } = requirePrincipal(request);
    const { query } = parse(Search, request.query);
    await limits.request(user);
    const answer: PeopleAnswer = { people: await searchPeople(database, user, query) };
    response.json(answer);
  };
}
