/** What an HTTP answer says, in the closed list's terms. */
import { ErrorAnswer } from '#schema/http/error-answer.ts';
import { Refusal } from '#schema/errors.ts';
import { jsonOf, type HttpAnswer } from './http-port.ts';

/** Gives nothing for a success; throws the Refusal the answer carries, or `internal` for an answer nobody expected. */
export function requireSuccess(answer: HttpAnswer): void {
  if (answer.status >= 200 && answer.status < 300) return;
  const parsed = ErrorAnswer.safeParse(jsonOf(answer));
  if (parsed.success) throw new Refusal(parsed.data.error.code, parsed.data.error.message);
  throw new Refusal(answer.status === 401 ? 'not-signed-in' : answer.status === 404 ? 'not-found' : 'internal');
}
