import { Me, type SignUpRequest } from '#schema/http/accounts.ts';
import { postJson } from './request.ts';

/** Makes an account and signs in to it. @throws as `postJson` */
export function signUp(fetch: typeof globalThis.fetch, request: SignUpRequest): Promise<Me> {
  return postJson(fetch, '/api/sign-up', request, Me);
}
