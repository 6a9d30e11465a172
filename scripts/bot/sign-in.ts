import { Me } from '#schema/http/accounts.ts';
import { ErrorAnswer } from '#schema/http/error-answer.ts';
import type { UserId } from '#schema/ids.ts';

/** A session as a program holds it. */
export interface BotSession {
  readonly user: UserId;
  /** To be sent as the header Cookie with each request, and with the socket's upgrade. */
  readonly cookie: string;
}

/**
 * Signs in with an account's email and password. Without a device: such a session reads over HTTP and uses `/y/…`.
 * @param url of the server, such as http://localhost:3000
 * @throws Error with what the server says
 */
export async function signIn(url: string, email: string, password: string): Promise<BotSession> {
  const answer = await fetch(new URL('/api/sign-in', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const body: unknown = await answer.json();
  if (!answer.ok)
    throw new Error(ErrorAnswer.safeParse(body).data?.error.message ?? `the server answered ${answer.status}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return { user: Me.parse(body).user.id, cookie };
}
