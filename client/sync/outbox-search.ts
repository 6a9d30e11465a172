/** Looking for something in the outbox: rare, and a page at a time. */
import { eventPlace, type EventId } from '#schema/ids.ts';
import { isKnown, parseEvent } from '#schema/segment/events.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { Nack } from '#schema/wire/push.ts';
import type { DeviceStore, OutboxEntry } from '#client/store/device-store.ts';

/** Outbox rows read at a time. */
const PAGE = 512;
/** How often an update is sent again whose target waits no more: the answers about both may have crossed. */
const CROSSED = 5;

/** Updates whose clocks follow each other. */
export function chainOf({ conversation, segment, replica }: OutboxEntry): string {
  return `${conversation}/${segment}/${replica}`;
}

async function waits(store: DeviceStore, is: (entry: OutboxEntry) => boolean): Promise<boolean> {
  for (let after = 0; ;) {
    const waiting = await store.outbox(PAGE, after);
    if (waiting.some(is)) return true;
    const last = waiting.at(-1);
    if (!last || waiting.length < PAGE) return false;
    after = last.n;
  }
}

/** Whether the device can send what the server expects next of this entry's chain: it is still waiting in the outbox. */
export async function canFill(store: DeviceStore, entry: OutboxEntry, { expected }: Nack): Promise<boolean> {
  if (expected === null) return false;
  return waits(store, (other) => chainOf(other) === chainOf(entry) && covers(other, expected));
}

/**
 * Gives the function that tells whether an update the server refused for its target may be sent again: an edit of a message that waits
 * itself, under another replica (another tab wrote it), goes with or even before it.
 */
export function createTargetCheck(store: DeviceStore): (entry: OutboxEntry) => Promise<boolean> {
  const tries = new Map<number, number>();
  return async (entry) => {
    const target = targetOf(entry);
    if (target === null) return false;
    const { segment, replica, clock } = eventPlace(target);
    const isTarget = (other: OutboxEntry): boolean =>
      other.conversation === entry.conversation &&
      other.segment === segment &&
      other.replica === replica &&
      covers(other, clock);
    if (await waits(store, isTarget)) return true;
    const before = tries.get(entry.n) ?? 0;
    tries.set(entry.n, before + 1);
    return before < CROSSED;
  };
}

function covers(entry: OutboxEntry, clock: number): boolean {
  return entry.clock <= clock && clock < entry.clock + entry.count;
}

function targetOf(entry: OutboxEntry): EventId | null {
  const event = parseEvent(decodeUpdate(entry.bytes).elements[0]?.value);
  return event && isKnown(event) && 'target' in event ? (event.target as EventId) : null;
}
