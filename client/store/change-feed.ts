/**
 * How one part of a device hears what another wrote: listeners in this tab directly, other tabs through a channel that carries
 * only what changed, never the content.
 */
import * as z from 'zod';
import { ConversationId, SegmentName } from '#schema/ids.ts';
import type { StoreChange } from './device-store.ts';

/** What of a BroadcastChannel is used. */
export type ChangeChannel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;

export interface ChangeFeed {
  /** Tells everybody, after the transaction that did it. */
  tell(changes: readonly StoreChange[]): void;
  listen(listener: (changes: readonly StoreChange[]) => void): () => void;
  close(): void;
}

const StoreChanges: z.ZodType<StoreChange[]> = z.array(
  z.discriminatedUnion('what', [
    z.object({
      what: z.literal('segment'),
      conversation: ConversationId,
      segment: SegmentName,
      rows: z.array(z.number()),
      whole: z.boolean(),
    }),
    z.object({ what: z.literal('conversations'), ids: z.array(ConversationId) }),
    z.object({ what: z.literal('people') }),
    z.object({ what: z.literal('members'), conversation: ConversationId }),
    z.object({ what: z.literal('outbox') }),
    z.object({ what: z.literal('commands') }),
    z.object({ what: z.literal('device') }),
  ]),
);

/** @param channel to the other tabs; null where there are none. @param failed told what a listener threw; the others hear all the same. */
export function createChangeFeed(channel: ChangeChannel | null, failed: (error: unknown) => void): ChangeFeed {
  const listeners = new Set<(changes: readonly StoreChange[]) => void>();
  const spread = (changes: readonly StoreChange[]): void => {
    for (const listener of [...listeners]) {
      try {
        listener(changes);
      } catch (error) {
        failed(error);
      }
    }
  };
  channel?.addEventListener('message', (event) => {
    const parsed = StoreChanges.safeParse(event.data);
    if (parsed.success) spread(parsed.data);
  });
  let open = true;
  return {
    tell(changes) {
      if (!open || changes.length === 0) return;
      spread(changes);
      channel?.postMessage(changes);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      open = false;
      listeners.clear();
      channel?.close();
    },
  };
}
