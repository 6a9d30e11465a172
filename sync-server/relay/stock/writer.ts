/**
 * What one provider writes, on its way to the commit: taken apart, admitted, its clientIDs granted (P4), committed.
 *
 *   - What is stored already is passed over: a page that keeps its document repeats it, other people's included.
 *   - A deletion is passed over if all it deletes is deleted already, else refused (Y3).
 *   - Nothing is granted that was not admitted: repeating what somebody else wrote must not give one their clientID.
 */
import { Refusal } from '#schema/errors.ts';
import type { UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import type { SegmentKey } from '../../store/snapshots.ts';
import { admitUpdate, type AdmittedUpdate } from '../admit-update.ts';
import type { Committed } from '../relay.ts';
import { appendsOf } from './appends-of.ts';
import type { Claims } from './claims.ts';
import { coversRanges } from './covers-ranges.ts';
import { writeStateVector } from './message.ts';
import type { StockDeps } from './ports.ts';
import { readSections, type SplitUpdate } from './read-sections.ts';

/** A sync message that brings an update. */
export interface Written {
  readonly type: 'step-2' | 'update';
  readonly update: Uint8Array;
}

export interface Writer {
  /**
   * Takes messages off the front of a queue, as many as can be committed at once, and commits them.
   * @throws Refusal
   */
  take(queue: Written[]): Promise<void>;
  /** Something was committed to the segment, which what waits here may stand on. */
  news(): void;
}

export interface WriterOptions extends Pick<StockDeps, 'store' | 'commits' | 'figures' | 'now'> {
  readonly key: SegmentKey;
  readonly user: UserId;
  readonly claims: Claims;
  /** The socket. */
  readonly origin: object;
}

/** Messages committed at once. */
const mostAtOnce = 64;
/**
 * How long an update waits for what it stands on, ms: two tabs of a browser hear of each other directly (BroadcastChannel), so the second
 * may append to what the first has only just sent.
 */
const originPatience = 2_000;

export function createWriter(options: WriterOptions): Writer {
  const { store, commits, figures, key, user, claims, origin } = options;
  const granted = new Set<number>();
  let caughtUp = false;
  let newsHeard = 0;
  let waiting: (() => void) | null = null;

  function admit(bytes: Uint8Array): AdmittedUpdate {
    const { segment } = key;
    return admitUpdate(bytes, { user, segment, now: options.now(), foreignOrigins: LIMITS.foreignOrigins });
  }

  async function grant(replica: number): Promise<void> {
    if (granted.has(replica)) return;
    const verdict = claims.heldByOther(replica, user) ? 'taken' : await store.grant(user, replica);
    if (verdict === 'taken') throw new Refusal('replica-not-yours');
    if (verdict === 'too-many') throw new Refusal('rate-limited', 'Too many new clientIDs today.');
    granted.add(replica);
    claims.claim(replica, user, origin);
  }

  function commit(admitted: AdmittedUpdate): Promise<Committed | Refusal> {
    const { conversation, segment } = key;
    return new Promise((answer) => commits.add({ user, conversation, segment, admitted, origin, answer }));
  }

  /** Commits live updates, in their order. Those whose place the relay has filled already are nothing new. */
  async function appendAll(splits: readonly SplitUpdate[]): Promise<void> {
    const admitted: AdmittedUpdate[] = [];
    let refused: Refusal | null = null;
    for (const { bytes } of splits) {
      try {
        const update = admit(bytes);
        await grant(update.replica);
        admitted.push(update);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused = error;
        break;
      }
    }
    const results = await Promise.all(admitted.map(commit));
    figures.foreignOrigins.inc(splits.reduce((sum, split) => sum + countForeign(split, noClocks), 0));
    // The first in their order: what comes after it may have been refused because of it.
    const first = results.findIndex((result) => result instanceof Refusal);
    const failed = first < 0 ? admitted.length : first;
    const error = first < 0 ? refused : results[first];
    if (!(error instanceof Refusal)) return;
    if (!(await mayPassOver(error, splits[failed]))) throw error;
    await appendAll(splits.slice(failed + 1));
  }

  async function mayPassOver({ code }: Refusal, split: SplitUpdate | undefined): Promise<boolean> {
    // What was written offline and what was written since the socket opened come again, together, in the step 2 that is under way.
    if (code === 'gap' && !caughtUp) return true;
    if (code !== 'wrong-author' && code !== 'replica-not-yours') return false;
    const clocks = await store.clocks(key);
    return split?.sections.every(({ replica, end }) => end <= (clocks.get(replica) ?? 0)) === true;
  }

  /** Everything that is new in it; what is not may be there as well. */
  async function appendMissing(split: SplitUpdate): Promise<void> {
    const clocks = await store.clocks(key);
    if (split.deletions.length > 0) await requireDeleted(split, clocks);
    for (const bytes of appendsOf(split, (replica) => clocks.get(replica) ?? 0)) {
      const admitted = admit(bytes);
      await grant(admitted.replica);
      const result = await commit(admitted);
      if (result instanceof Refusal) throw result;
    }
    figures.foreignOrigins.inc(countForeign(split, clocks));
  }

  async function requireDeleted({ deletions }: SplitUpdate, clocks: ReadonlyMap<number, number>): Promise<void> {
    // For who has all clocks the answer holds the deletions alone.
    const known = decodeUpdate(await store.read(key, user, writeStateVector(clocks))).deletions;
    if (!coversRanges(known, deletions)) throw new Refusal('forbidden-content', 'Only the server deletes.');
  }

  async function patiently(work: () => Promise<void>): Promise<void> {
    const deadline = performance.now() + originPatience;
    for (;;) {
      const heard = newsHeard;
      try {
        return await work();
      } catch (error) {
        const patience = deadline - performance.now();
        if (!(error instanceof Refusal) || error.code !== 'unknown-target' || patience <= 0) throw error;
        if (heard === newsHeard) await nextNews(patience);
      }
    }
  }

  function nextNews(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patience);
      waiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    async take(queue) {
      const first = queue.shift();
      if (!first) return;
      const split = readSections(first.update);
      if (first.type === 'update' && isPlain(split)) {
        const splits = [split, ...takePlain(queue)];
        return patiently(() => appendAll(splits));
      }
      try {
        await patiently(() => appendMissing(split));
      } catch (error) {
        const early = first.type === 'update' && !caughtUp;
        if (!(early && error instanceof Refusal && error.code === 'gap')) throw error;
      }
      if (first.type === 'step-2') caughtUp = true;
    },
    news() {
      newsHeard++;
      waiting?.();
      waiting = null;
    },
  };
}

/** Something one client appended just now: what every update is but the first after a connection. */
function isPlain({ sections, deletions, bytes }: SplitUpdate): boolean {
  const [section] = sections;
  if (!section || sections.length > 1 || deletions.length > 0) return false;
  return (
    bytes.length <= LIMITS.updateBytes &&
    section.end - section.clock <= LIMITS.updateEvents &&
    section.spans.length <= LIMITS.foreignOrigins
  );
}

const noClocks: ReadonlyMap<number, number> = new Map();

/** New items that stand after another replica's: they cost every reader more than a chain does (D2). */
function countForeign({ sections }: SplitUpdate, clocks: ReadonlyMap<number, number>): number {
  let count = 0;
  for (const { replica, spans } of sections) {
    const from = clocks.get(replica) ?? 0;
    for (const { clock, origin } of spans) if (clock >= from && origin !== null && origin.replica !== replica) count++;
  }
  return count;
}

/** More of them, as they follow in the queue. */
function takePlain(queue: Written[]): SplitUpdate[] {
  const splits: SplitUpdate[] = [];
  while (splits.length < mostAtOnce && queue[0]?.type === 'update') {
    try {
      const split = readSections(queue[0].update);
      if (!isPlain(split)) break;
      splits.push(split);
    } catch {
      // Read again when it is its turn: what came before it is committed first.
      break;
    }
    queue.shift();
  }
  return splits;
}
