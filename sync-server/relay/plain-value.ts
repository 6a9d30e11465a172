import { Refusal } from '#schema/errors.ts';
import { LIMITS } from '#schema/limits.ts';

/**
 * Checks that a decoded value is plain JSON of bounded depth: what every device can keep, copy and write again.
 * @throws Refusal `forbidden-content`
 */
export function requirePlain(value: unknown, depth: number = LIMITS.eventDepth): void {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object') throw new Refusal('forbidden-content', 'Only plain JSON values may be appended.');
  if (depth === 0) throw new Refusal('forbidden-content', 'Values are nested too deep.');
  if (Array.isArray(value)) {
    for (const element of value) requirePlain(element, depth - 1);
    return;
  }
  // A key `__proto__` replaced the prototype while the value was read. Bytes are no JSON either.
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw new Refusal('forbidden-content', 'Only plain JSON values may be appended.');
  for (const key in value) requirePlain((value as Record<string, unknown>)[key], depth - 1);
}
