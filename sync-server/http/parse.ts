import type * as z from 'zod';
import { HttpRefusal } from './http-refusal.ts';

/**
 * What came from outside → what its schema says it is.
 * @throws HttpRefusal `invalid-request`; `fields` names the first thing wrong with each field
 */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) fields[issue.path.join('.') || 'body'] ??= issue.message;
  const messages = Object.values(fields);
  throw new HttpRefusal('invalid-request', messages.length === 1 ? messages[0] : undefined, { fields });
}

/**
 * A part of the path, such as an id. What cannot be an id is the id of nothing.
 * @throws HttpRefusal `not-found`
 */
export function parsePath<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HttpRefusal('not-found', undefined, {});
}
