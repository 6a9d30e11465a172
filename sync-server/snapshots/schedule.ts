/**
 * Keeps the log short: walks through what is not merged, a part at each turn, and merges what is due. It keeps no account of commits:
 * whatever was written by this server, another node, the importer, or before a crash is found by the same walk.
 */
import type { ConversationId } from '#schema/ids.ts';
import type { SegmentKey } from '#server/store/snapshots.ts';
import { firstConversation, type UnmergedPage, type UnmergedSegment } from '#server/store/unmerged-segments.ts';
import { DUE, isDue, type Due } from './is-due.ts';
import type { MergeOutcome } from './merge-job.ts';

export interface ScheduleOptions {
  /** The part of the walk that begins after a conversation. */
  readonly page: (after: ConversationId) => Promise<UnmergedPage>;
  /** Segments whose deletions wait since `before`, ms since 1970. */
  readonly deletions: (before: number) => Promise<readonly UnmergedSegment[]>;
  readonly merge: (key: SegmentKey, why: Due) => Promise<MergeOutcome>;
  /** ms since 1970. */
  readonly now: () => number;
  /** Where the walk begins: at another place on each node, so that they do not follow each other. */
  readonly start: ConversationId;
  /** Told of a segment that could not be merged; it is left alone for a while. */
  readonly onFailure: (key: SegmentKey, error: unknown, failures: number) => void;
}

/** A segment that failed is tried again after a minute, then two, four … at the most six hours. */
const firstPause = 60_000;
const longestPause = 6 * 3_600_000;
/** Failing segments remembered: above that the oldest is forgotten, and tried again early. */
const mostFailing = 10_000;

interface Failing {
  readonly failures: number;
  readonly notBefore: number;
}

export interface Schedule {
  /** One turn: the next part of the walk, and every deletion that waited long enough. Never throws for a single segment. */
  turn(): Promise<void>;
}

export function createSchedule(options: ScheduleOptions): Schedule {
  const failing = new Map<string, Failing>();
  let after = options.start;

  const merge = async (segment: UnmergedSegment, why: Due): Promise<void> => {
    const key: SegmentKey = { conversation: segment.conversation, segment: segment.segment };
    const name = `${key.conversation}/${key.segment}`;
    const past = failing.get(name);
    if (past && options.now() < past.notBefore) return;
    try {
      let outcome = await options.merge(key, why);
      while (outcome.outcome === 'merged' && outcome.more) outcome = await options.merge(key, why);
      failing.delete(name);
    } catch (error) {
      const failures = (past?.failures ?? 0) + 1;
      failing.delete(name);
      failing.set(name, {
        failures,
        notBefore: options.now() + Math.min(longestPause, firstPause * 2 ** (failures - 1)),
      });
      const oldest = failing.keys().next();
      if (failing.size > mostFailing && !oldest.done) failing.delete(oldest.value);
      options.onFailure(key, error, failures);
    }
  };

  return {
    async turn() {
      for (const segment of await options.deletions(options.now() - DUE.deletionMs)) await merge(segment, 'deletion');
      const { segments, next } = await options.page(after);
      for (const segment of segments) {
        const why = isDue(segment, options.now());
        if (why !== null) await merge(segment, why);
      }
      after = next ?? firstConversation;
    },
  };
}
