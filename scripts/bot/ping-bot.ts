import { segmentOf, type ConversationId, type EventId, type SegmentName } from '#schema/ids.ts';
import { createHybridClock } from '#schema/hybrid-clock.ts';
import { LIMITS } from '#schema/limits.ts';
import type { MessageEvent } from '#schema/segment/events.ts';
import { followSegment, type FollowedSegment } from './follow-segment.ts';
import type { BotSession } from './sign-in.ts';

export interface PingBot {
  close(): void;
}

export interface PingBotOptions {
  readonly url: string;
  readonly session: BotSession;
  readonly conversation: ConversationId;
  /** A Yjs clientID nobody holds: 1 to 2^32 - 1, at random. */
  readonly replica: number;
  /** ms since 1970. */
  readonly now: () => number;
  readonly onReady?: () => void;
  readonly onRefused: (code: number, reason: string) => void;
}

/** How often it is looked whether a new month began, ms. */
const monthCheck = 10_000;

/** Answers "ping" with "pong" in the current month of a conversation, and goes along when a new month begins. */
export function startPingBot(options: PingBotOptions): PingBot {
  const { conversation, session, replica, now } = options;
  const clock = createHybridClock(now, LIMITS.clockAheadMs);
  let segment = segmentOf(now());
  let connection = follow();

  function follow(): FollowedSegment {
    return followSegment({
      url: options.url,
      cookie: session.cookie,
      conversation,
      segment,
      replica,
      user: session.user,
      onMessage: answer,
      onRefused: options.onRefused,
      ...(options.onReady && { onSynced: options.onReady }),
    });
  }

  /** Goes along to another month. */
  function turnTo(month: SegmentName): void {
    if (month <= segment) return;
    connection.close();
    segment = month;
    connection = follow();
  }

  function answer(id: EventId, message: MessageEvent): void {
    clock.observe(message.at);
    if (message.text.trim().toLowerCase() !== 'ping') return;
    const at = clock.next();
    // What was asked in the last second of a month may be answered in the next one: an event stands in the segment of its time (D5).
    turnTo(segmentOf(at));
    connection.append({ kind: 'message', by: session.user, at, text: 'pong', replyTo: id });
  }

  const timer = setInterval(() => turnTo(segmentOf(now())), monthCheck);
  return {
    close() {
      clearInterval(timer);
      connection.close();
    },
  };
}
