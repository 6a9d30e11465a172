import type * as z from 'zod';
import { LIMITS } from '#schema/limits.ts';

/** What is wrong with what a person typed, by field: the first complaint of each. Empty: nothing is. */
export function checkForm(
  schema: z.ZodType,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const wrong: Record<string, string> = {};
  const checked = schema.safeParse(values);
  for (const issue of checked.error?.issues ?? []) {
    const field = String(issue.path[0] ?? '');
    wrong[field] ??= issue.message;
  }
  return wrong;
}

/** bcrypt cuts at 72 bytes: a letter outside of English takes two to four of them. Gives the complaint, or null. */
export function passwordTooLong(password: string): string | null {
  if (new TextEncoder().encode(password).length <= LIMITS.passwordBytes) return null;
  return `A password may have at most ${LIMITS.passwordBytes} bytes: about that many letters.`;
}
