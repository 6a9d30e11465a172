/**
 * What an earlier run has imported already of one writer's month, so that nothing is written twice. A message is known by its time and
 * text, as often as it stands there; so lines may be added to the file, or come in another order. What was deleted since has neither
 * any more: a line counts as deleted when it has no match and the place it would have had, counted in the file, is one that is gone.
 */
import { createHash } from 'node:crypto';
import type { ClockRange, LogElement } from '#schema/segment/update-codec.ts';

export interface SegmentLedger {
  /** Whether this message, the next of this writer's month in the file, is there already. */
  take(at: number, text: string): boolean;
}

/** @param elements those of the writer's replica; @param gone likewise */
export function createLedger(elements: readonly LogElement[], gone: readonly ClockRange[]): SegmentLedger {
  const there = new Map<string, number>();
  for (const { value } of elements) {
    const message = value as { readonly kind?: unknown; readonly at?: unknown; readonly text?: unknown };
    if (message.kind !== 'message' || typeof message.at !== 'number' || typeof message.text !== 'string') continue;
    const name = nameOf(message.at, message.text);
    there.set(name, (there.get(name) ?? 0) + 1);
  }
  const deleted = new Set(gone.flatMap(({ clock, count }) => Array.from({ length: count }, (_, i) => clock + i)));
  let place = -1;
  return {
    take(at, text) {
      place += 1;
      const name = nameOf(at, text);
      const count = there.get(name) ?? 0;
      if (count > 0) {
        there.set(name, count - 1);
        return true;
      }
      return deleted.delete(place);
    },
  };
}

/** Short for long texts: a million messages are kept in mind. */
function nameOf(at: number, text: string): string {
  return `${at} ${text.length > 24 ? createHash('sha1').update(text).digest('base64') : text}`;
}
