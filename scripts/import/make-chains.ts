import type { SegmentName, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { MessageEvent } from '#schema/segment/events.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';

/** A message that is not there yet. `number` is its line in the file. */
export interface NewMessage {
  readonly number: number;
  readonly segment: SegmentName;
  readonly replica: number;
  readonly user: UserId;
  readonly at: number;
  readonly text: string;
}

/** What one writer adds to a month, and the updates it is written in. */
export interface MessageChain {
  readonly segment: SegmentName;
  readonly replica: number;
  readonly user: UserId;
  readonly messages: readonly NewMessage[];
  /** `count` events each, in the order of the messages. */
  readonly updates: readonly { readonly count: number; readonly bytes: Uint8Array }[];
}

/** Bytes of texts in one update: in UTF-8 and with all that is around them they stay below `LIMITS.updateBytes`. */
const textUnits = LIMITS.updateBytes / 4;
/** What one event takes besides its text. */
const eventUnits = 30;

/**
 * Puts messages into updates as a device would write them, several in one: for each writer's month one chain.
 * @param nextClock the next clock of a replica in a segment
 */
export function makeChains(
  messages: readonly NewMessage[],
  nextClock: (segment: SegmentName, replica: number) => number,
): MessageChain[] {
  const groups = new Map<string, NewMessage[]>();
  for (const message of messages) {
    const name = `${message.segment}/${message.replica}`;
    const group = groups.get(name);
    if (group) group.push(message);
    else groups.set(name, [message]);
  }
  return [...groups.values()].map((group) => {
    const [{ segment, replica, user }] = group as [NewMessage];
    return { segment, replica, user, messages: group, updates: updatesOf(replica, nextClock(segment, replica), group) };
  });
}

function updatesOf(replica: number, from: number, messages: readonly NewMessage[]): MessageChain['updates'] {
  const updates: { count: number; bytes: Uint8Array }[] = [];
  let clock = from;
  let events: MessageEvent[] = [];
  let units = 0;
  const close = (): void => {
    if (events.length > 0) updates.push({ count: events.length, bytes: encodeAppend(replica, clock, events) });
    clock += events.length;
    events = [];
    units = 0;
  };
  for (const { user, at, text } of messages) {
    const more = text.length + eventUnits;
    if (events.length === LIMITS.updateEvents || units + more > textUnits) close();
    events.push({ kind: 'message', by: user, at, text });
    units += more;
  }
  close();
  return updates;
}
