import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { MessageEvent } from '#schema/segment/events.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import type { NewRow } from '#server/store/commit-updates.ts';
import type { PushedChain } from './import-relay.ts';

/** A message that is not there yet. `number` is its line in the file. */
export interface NewMessage {
  readonly number: number;
  readonly segment: SegmentName;
  readonly replica: number;
  readonly user: UserId;
  readonly at: number;
  readonly text: string;
}

/** A chain with the messages it writes, so that a refusal can be told line by line. */
export interface MessageChain {
  readonly chain: PushedChain;
  readonly messages: readonly NewMessage[];
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
  conversation: ConversationId,
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
    const clock = nextClock(segment, replica);
    const chain: PushedChain = {
      conversation,
      segment,
      replica,
      user,
      clock,
      count: group.length,
      rows: rowsOf(replica, clock, group),
    };
    return { chain, messages: group };
  });
}

function rowsOf(replica: number, from: number, messages: readonly NewMessage[]): NewRow[] {
  const rows: NewRow[] = [];
  let clock = from;
  let events: MessageEvent[] = [];
  let units = 0;
  const close = (): void => {
    if (events.length > 0) rows.push({ clock, count: events.length, bytes: encodeAppend(replica, clock, events) });
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
  return rows;
}
