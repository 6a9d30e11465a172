import { eventId, segmentOf, type ConversationId, type EventId, type SegmentName, type UserId } from '#schema/ids.ts';
import type { SegmentEvent } from '#schema/segment/events.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import type { PushedUpdate } from '#server/relay/relay.ts';
import type { SeedName } from './people.ts';
import type { Line, SeedConversation } from './talk.ts';

/** Somebody who writes: their account and the replica they write with. */
export interface SeedWriter {
  readonly user: UserId;
  readonly replica: number;
}

const minute = 60_000;

/**
 * Writes what was said into a conversation that is empty, one update for each event, as their devices would have.
 * @param now ms since 1970: the talk ended so long before as it says
 */
export async function writeTalk(
  push: (pushed: PushedUpdate) => Promise<void>,
  conversation: ConversationId,
  talk: SeedConversation,
  writers: ReadonlyMap<SeedName, SeedWriter>,
  now: number,
): Promise<void> {
  const clocks = new Map<string, number>();
  const write = async (by: SeedName, segment: SegmentName, event: (user: UserId) => SegmentEvent): Promise<EventId> => {
    const writer = writers.get(by);
    if (!writer) throw new Error(`${by} is not in ${talk.key}`);
    const { user, replica } = writer;
    const place = `${segment}/${replica}`;
    const clock = clocks.get(place) ?? 0;
    await push({ user, conversation, segment, update: encodeAppend(replica, clock, [event(user)]) });
    clocks.set(place, clock + 1);
    return eventId(segment, replica, clock);
  };

  const minutes = talk.lines.reduce((sum, line) => sum + line.after, talk.endedAgo);
  let at = now - minutes * minute;
  const said: EventId[] = [];
  for (const line of talk.lines) {
    at += line.after * minute;
    said.push(await writeLine(write, line, at, line.replyBack === undefined ? undefined : said.at(-line.replyBack)));
  }
}

type Write = (by: SeedName, segment: SegmentName, event: (user: UserId) => SegmentEvent) => Promise<EventId>;

async function writeLine(write: Write, line: Line, at: number, replyTo: EventId | undefined): Promise<EventId> {
  const segment = segmentOf(at);
  const target = await write(line.by, segment, (by) => ({
    kind: 'message',
    by,
    at,
    text: line.text,
    ...(replyTo && { replyTo }),
  }));
  const { edited } = line;
  if (edited !== undefined)
    await write(line.by, segment, (by) => ({ kind: 'edit', by, at: at + minute, target, text: edited }));
  for (const [who, emoji] of line.reactions ?? []) {
    await write(who, segment, (by) => ({ kind: 'react', by, at: at + minute, target, emoji, on: true }));
  }
  return target;
}
