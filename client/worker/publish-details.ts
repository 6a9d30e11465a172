/** What waits, for the status and for "Sync details", and what the person should know once. */
import { ERROR_CODES } from '#schema/errors.ts';
import { eventId } from '#schema/ids.ts';
import { parseEvent, isKnown } from '#schema/segment/events.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { Notice, SyncDetails, WaitingItem } from '#client/services/device.ts';
import type { CommandEntry, DeviceStore, OutboxEntry, StoredRefusal } from '#client/store/device-store.ts';

/** Waiting messages that are listed one by one; beyond it only their number is told. */
const LISTED = 100;
/** Characters of a message shown in the list of what waits. */
const EXCERPT = 80;

/** Everything of "Sync details" that is in the store. */
export async function readWaiting(
  store: DeviceStore,
): Promise<Pick<SyncDetails, 'waiting' | 'bytes'> & { changes: number }> {
  const [size, commands, entries] = await Promise.all([store.outboxSize(), store.commands(), store.outbox(LISTED)]);
  const messages = entries.map(messageItem).filter((item) => item !== null);
  return {
    waiting: [...commands.map(commandItem), ...messages],
    bytes: size.bytes,
    changes: size.updates + size.commands,
  };
}

function commandItem({ n, title, body }: CommandEntry): WaitingItem {
  return { id: `change:${n}`, kind: 'change', title, bytes: JSON.stringify(body ?? null).length, cancellable: false };
}

/** Null for a place that was emptied: it waits, but nothing of a person's does. */
function messageItem(entry: OutboxEntry): WaitingItem | null {
  const event = parseEvent(decodeUpdate(entry.bytes).elements[0]?.value);
  if (!event || !isKnown(event) || event.kind === 'empty') return null;
  const id = `message:${entry.conversation}:${eventId(entry.segment, entry.replica, entry.clock)}`;
  return { id, kind: 'message', title: titleOf(event), bytes: entry.bytes.length, cancellable: !entry.attempted };
}

function titleOf(event: { readonly kind: string; readonly text?: unknown; readonly emoji?: unknown }): string {
  const text = typeof event.text === 'string' ? event.text.slice(0, EXCERPT) : '';
  switch (event.kind) {
    case 'edit':
      return `Edited: ${text}`;
    case 'delete':
      return 'Message deleted';
    case 'react':
      return `Reaction ${String(event.emoji)}`;
    default:
      return text;
  }
}

/** A refused command, in words. */
export function noticeOf({ n, title, code, message }: StoredRefusal): Notice {
  return { id: n, level: 'error', text: `${title}: ${message || ERROR_CODES[code].says}` };
}
