import type { ConversationSummary } from '#client/services/device.ts';
import type { FromWorker } from '#client/worker/messages.ts';

/**
 * The list after news from the worker, newest first. Rows that did not change stay the same objects, so that only those that did are
 * drawn again.
 */
export function mergeConversations(
  before: readonly ConversationSummary[],
  { whole, changed, removed }: Omit<Extract<FromWorker, { kind: 'conversations' }>, 'kind'>,
): readonly ConversationSummary[] {
  const old = new Map(before.map((row) => [row.id, row]));
  const rows = whole ? new Map<string, ConversationSummary>() : new Map<string, ConversationSummary>(old);
  for (const row of changed) {
    const same = old.get(row.id);
    rows.set(row.id, same && JSON.stringify(same) === JSON.stringify(row) ? same : row);
  }
  for (const id of removed) rows.delete(id);
  return [...rows.values()].sort((one, other) => other.activity - one.activity || (one.id < other.id ? -1 : 1));
}
