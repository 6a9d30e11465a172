/**
 * Tells the relay how far this device has stored each conversation and what its person read (E1). What happens within half a second is
 * told once. Nothing is acknowledged: the relay's `changes` bring the read state back, and until they did it is told at each greeting.
 */
import type { ConversationId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Receipt } from '#schema/wire/receipt.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import type { Timers } from './timers.ts';

/** How long receipts gather, in ms: a person who scrolls makes many. */
const GATHER_MS = 500;

/** How long before it is noticed a connection may have been dead, in ms (S4). */
const LOST_MS = LIMITS.silenceMs + LIMITS.heartbeatMs;

export interface Receipts {
  /** Something of the conversation was stored or read. */
  due(conversation: ConversationId): void;
  begin(): void;
  halt(): void;
}

export interface ReceiptDeps {
  readonly store: DeviceStore;
  readonly timers: Timers;
  readonly send: (receipt: Receipt) => void;
  readonly failed: (error: unknown) => void;
}

export function createReceipts(deps: ReceiptDeps): Receipts {
  const waiting = new Set<ConversationId>();
  /** What was told last on this connection, so that nothing is told twice, and when (ms of `Timers.elapsed`). */
  const told = new Map<ConversationId, { words: string; at: number; read: boolean }>();
  let open = false;
  let haltedAt = 0;
  let cancel: (() => void) | null = null;

  function schedule(): void {
    if (!open || waiting.size === 0) return;
    cancel ??= deps.timers.after(GATHER_MS, () => {
      cancel = null;
      flush().catch(deps.failed);
    });
  }

  async function flush(): Promise<void> {
    for (const id of [...waiting]) {
      waiting.delete(id);
      const stored = await deps.store.conversation(id);
      if (!open) return void waiting.add(id);
      if (!stored || stored.pending || stored.record.left) continue;
      const receipt: Receipt = {
        type: 'receipt',
        conversation: id,
        delivered: stored.cursor ?? 0,
        read: stored.readUnsent ? stored.record.read : null,
      };
      const words = JSON.stringify(receipt);
      if (told.get(id)?.words === words || (receipt.delivered === 0 && receipt.read === null)) continue;
      told.set(id, { words, at: deps.timers.elapsed(), read: receipt.read !== null });
      deps.send(receipt);
    }
  }

  return {
    due(conversation) {
      waiting.add(conversation);
      schedule();
    },
    begin() {
      open = true;
      // What was said just before the connection was lost may not have been heard.
      for (const [id, last] of told) if (last.read || last.at >= haltedAt - LOST_MS) waiting.add(id);
      told.clear();
      schedule();
    },
    halt() {
      open = false;
      haltedAt = deps.timers.elapsed();
      cancel?.();
      cancel = null;
    },
  };
}
