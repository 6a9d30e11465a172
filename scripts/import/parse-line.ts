import * as z from 'zod';
import { LIMITS } from '#schema/limits.ts';

/** One message to be imported. */
export interface ImportLine {
  /** ms since 1970. */
  readonly at: number;
  /** The name of who wrote it, in full: one person for each different name. */
  readonly from: string;
  readonly text: string;
}

/** A line as it should be. Other fields are left alone. */
const Line = z.object({
  at: z
    .number('at must be a number: milliseconds since 1970')
    .int('at must be a whole number of milliseconds')
    .min(0, 'at lies before 1970'),
  from: z
    .string('from must be a text: the name of who wrote it')
    .trim()
    .min(1, 'from is empty')
    .max(1_000, 'from has more than 1,000 characters'),
  text: z.string('text must be a text'),
});

/**
 * Reads one line of the file.
 * @param now ms since 1970: what claims to be later than it may (D9) is refused
 * @returns the message, or why it is none
 */
export function parseLine(line: string, now: number): ImportLine | { readonly bad: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { bad: 'it is not JSON' };
  }
  const parsed = Line.safeParse(value);
  if (!parsed.success) return { bad: reason(value, parsed.error) };
  const { at, from, text } = parsed.data;
  if (at > now + LIMITS.clockAheadMs) return { bad: `at lies in the future (${isoTime(at)})` };
  if (text.trim() === '') return { bad: 'text is empty' };
  // UTF-8 has no form for half a surrogate pair: stored it would become U+FFFD, and not be known again.
  return { at, from: wellFormed(from), text: wellFormed(text) };
}

function reason(value: unknown, error: z.ZodError): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'it is not an object {at, from, text}';
  const issue = error.issues[0];
  const field = String(issue?.path[0] ?? '');
  return field !== '' && !(field in value) ? `${field} is missing` : (issue?.message ?? 'it does not fit');
}

function isoTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}

function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
