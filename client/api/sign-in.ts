import { Me, type SignInRequest } from '#schema/http/accounts.ts';
import { postJson } from './request.ts';

/** Signs in; the server sets the cookie of the session. @throws as `postJson` */
export function signIn(fetch: typeof globalThis.fetch, request: SignInRequest): Promise<Me> {
  return postJson(fetch, '/api/sign-in', request, Me);
}
