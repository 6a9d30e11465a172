/** Looks an event up by its id: what the device holds at that place. */
import { eventPlace, type ConversationId, type EventId } from '#schema/ids.ts';
import { isKnown, parseEvent, type KnownEvent } from '#schema/segment/events.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { DeviceStore } from '#client/store/device-store.ts';

/** An event and whether only this device has it. */
export interface FoundEvent {
  readonly id: EventId;
  readonly event: KnownEvent;
  /** It was not acknowledged yet. */
  readonly waits: boolean;
}

/** The event of this id; null when the device does not have it, or does not understand it. */
export async function findEvent(
  store: DeviceStore,
  conversation: ConversationId,
  id: EventId,
): Promise<FoundEvent | null> {
  const { segment, replica, clock } = eventPlace(id);
  const stored = await store.segment(conversation, segment);
  // Newest first: what people act on was written lately.
  for (const row of stored.rows.toReversed()) {
    const element = decodeUpdate(row.bytes).elements.find((one) => one.replica === replica && one.clock === clock);
    if (element) return found(id, element.value, row.seq === null);
  }
  for (const { id: block } of stored.blocks.toReversed()) {
    const content = await store.block(conversation, segment, block);
    const element = content?.elements.find((one) => one.replica === replica && one.clock === clock);
    if (element) return found(id, element.value, false);
  }
  return null;
}

/** Own events that wait and are about this one, such as an edit of it. */
export async function waitingAbout(
  store: DeviceStore,
  conversation: ConversationId,
  target: EventId,
): Promise<FoundEvent[]> {
  const { segment } = eventPlace(target);
  const { rows } = await store.segment(conversation, segment);
  const about: FoundEvent[] = [];
  for (const row of rows) {
    if (row.seq !== null) continue;
    for (const { replica, clock, value } of decodeUpdate(row.bytes).elements) {
      const event = found(`${segment}.${replica}.${clock}` as EventId, value, true);
      if (event && 'target' in event.event && event.event.target === target) about.push(event);
    }
  }
  return about;
}

function found(id: EventId, value: unknown, waits: boolean): FoundEvent | null {
  const event = parseEvent(value);
  return event && isKnown(event) ? { id, event, waits } : null;
}
