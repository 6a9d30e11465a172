import type * as z from 'zod';
import { ErrorAnswer } from '#schema/http/error-answer.ts';
import { HttpRefusal, Unreachable } from '#client/services/http-refusal.ts';

/** Longest wait for an answer, in ms: a form must not hang on a network that swallows everything. */
const DEADLINE_MS = 20_000;

/**
 * Sends a body as JSON and parses the answer.
 * @throws HttpRefusal when the server says no, Unreachable when there is no answer of it
 */
export async function postJson<Answer>(
  fetch: typeof globalThis.fetch,
  path: string,
  body: unknown,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const { status, value } = await send(fetch, path, body);
  if (status >= 200 && status < 300) {
    const parsed = answer.safeParse(value);
    if (parsed.success) return parsed.data;
    // A proxy or a hotel's log-in page that answers 200 to everything is not our server.
    throw new Unreachable(parsed.error);
  }
  const refusal = ErrorAnswer.safeParse(value);
  if (!refusal.success) throw new Unreachable(new Error(`status ${status}`));
  const { code, message, fields } = refusal.data.error;
  throw new HttpRefusal(code, message, fields);
}

async function send(
  fetch: typeof globalThis.fetch,
  path: string,
  body: unknown,
): Promise<{ status: number; value: unknown }> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    return { status: response.status, value: await response.json() };
  } catch (cause) {
    throw new Unreachable(cause);
  }
}
