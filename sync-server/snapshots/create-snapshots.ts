/** Snapshots of one server, put together: the worker, the schedule that feeds it, and the door for whoever asks for a segment. */
import type { LogLevel } from '#server/config.ts';
import type { Logger } from '#server/logger.ts';
import { latencyBuckets, type Metrics } from '#server/metrics.ts';
import type { ConversationId } from '#schema/ids.ts';
import type { Database } from '#server/store/database.ts';
import type { SegmentKey } from '#server/store/snapshots.ts';
import { unmergedDeletions, unmergedPage } from '#server/store/unmerged-segments.ts';
import type { FreshBundle } from './bundle-job.ts';
import { repeat } from './repeat.ts';
import { createRest } from './rest.ts';
import { startSnapshotWorker, WorkerLost } from './run-worker.ts';
import type { MergeOutcome } from './merge-job.ts';
import { createSchedule } from './schedule.ts';

export interface Snapshots {
  /**
   * A whole segment, merged for this answer where rows lie beyond its snapshot; null when it has none. Those who ask with the same
   * `lastSeq` at the same time share one answer.
   * @param lastSeq the last seq of the segment the asker knows of: the answer goes at least that far
   * @throws WorkerBusy when too much waits; WorkerLost; what the database throws
   */
  bundle(key: SegmentKey, lastSeq: number): Promise<FreshBundle | null>;
  /** What a document with this state vector lacks of a segment, in one Yjs update, with everything ever deleted of it. Throws as `bundle`. */
  missing(key: SegmentKey, stateVector: Uint8Array): Promise<Uint8Array>;
  /** Merges a segment now. */
  merge(key: SegmentKey): Promise<MergeOutcome>;
  /** Looks for what is due at once, without waiting for the next turn. */
  turn(): Promise<void>;
  close(): Promise<void>;
}

export interface SnapshotsOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** How much the worker says; it has a logger of its own. */
  readonly logLevel: LogLevel;
  readonly metrics: Metrics;
  /** ms since 1970. */
  readonly now: () => number;
  /** Where this node begins its walk: any id. */
  readonly start: ConversationId;
  /** Time between two turns, ms; 0: none by itself. */
  readonly turnEvery?: number;
  /** After a merge of the schedule the worker rests so many times as long. */
  readonly restFactor?: number;
}

/** A turn that finds nothing costs the database some ms; a deletion is found this late at the most. */
const defaultTurnEvery = 5_000;
/** A quarter of one core at the most goes into merging, however much is written: people who write come first. */
const defaultRestFactor = 3;
/** Putting a segment together costs some 0.15 ms for each KB of its bytes and 0.03 ms for each row: this is about 10 ms. */
const muchWork = 64 << 10;
/** A row of the log costs as much as so many bytes of a snapshot. */
const rowCost = 200;
/** A group that is written to all the time is stored once in this time for its readers, ms. */
const keepEvery = 60_000;
/** Segments remembered for that. */
const mostKept = 10_000;
/** Rows looked at in a turn: some 20 ms of the database's time. A million unmerged rows take four minutes. */
const pageRows = 20_000;
/** Deletions looked after in a turn. */
const deletionsInTurn = 50;

export function createSnapshots(options: SnapshotsOptions): Snapshots {
  const { database, logger, metrics } = options;
  const merges = metrics.counter('chatsync_snapshot_merges_total', 'Merges of segments, by how they ended', [
    'outcome',
  ]);
  const mergedRows = metrics.counter(
    'chatsync_snapshot_merged_rows_total',
    'Rows of the update log merged into snapshots',
  );
  const quarantined = metrics.counter(
    'chatsync_quarantined_rows_total',
    'Rows that could not be merged and were put into quarantine',
  );
  const mergeSeconds = metrics.histogram('chatsync_snapshot_merge_seconds', 'Time of a merge', latencyBuckets);
  const bundleSeconds = metrics.histogram(
    'chatsync_segment_bundle_seconds',
    'Time to put a segment together for a reader',
    latencyBuckets,
  );
  const workersLost = metrics.counter('chatsync_snapshot_workers_lost_total', 'Snapshot workers that died or hung');

  const worker = startSnapshotWorker({
    databaseUrl: database.url,
    logLevel: options.logLevel,
    onLost(reason) {
      workersLost.inc();
      logger.error({ reason }, 'the snapshot worker was lost');
    },
  });
  const rest = createRest(options.restFactor ?? defaultRestFactor);
  let closed = false;
  const underWay = new Map<string, Promise<FreshBundle | null>>();

  const merge = async (key: SegmentKey): Promise<MergeOutcome> => {
    const end = mergeSeconds.startTimer();
    try {
      const outcome = await worker.run('merge', key);
      merges.inc({ outcome: outcome.outcome });
      if (outcome.outcome === 'merged') {
        mergedRows.inc(outcome.rows);
        quarantined.inc(outcome.quarantined);
        if (outcome.quarantined > 0)
          logger.error({ ...key, rows: outcome.quarantined }, 'rows of the update log were put into quarantine');
      }
      return outcome;
    } catch (error) {
      merges.inc({ outcome: 'failed' });
      throw error;
    } finally {
      end();
    }
  };

  const schedule = createSchedule({
    page: (after) => unmergedPage(database, after, pageRows),
    deletions: (before) => unmergedDeletions(database, before, deletionsInTurn),
    async merge(key) {
      const started = performance.now();
      try {
        return await merge(key);
      } finally {
        await rest.after(performance.now() - started);
      }
    },
    now: options.now,
    start: options.start,
    onFailure(key, error, failures) {
      if (!closed) logger.error({ ...key, err: error, failures }, 'a segment could not be merged');
    },
  });
  const turns = repeat(options.turnEvery ?? defaultTurnEvery, () =>
    schedule
      .turn()
      .catch((error: unknown) => logger.warn({ err: error }, 'the walk through what is not merged was broken off')),
  );

  /** What was much work to put together is stored, so that the next reader gets it as it is; at the most once a minute for a segment. */
  const kept = new Map<string, number>();
  const keepForNext = (key: SegmentKey, made: FreshBundle | null): void => {
    if (made && made.bad + made.missing > 0)
      logger.error(
        { ...key, bad: made.bad, missing: made.missing },
        'a segment was served without rows that are damaged or missing',
      );
    if (!made || made.rows === 0 || made.rows * rowCost + made.body.length < muchWork || closed) return;
    const name = `${key.conversation}/${key.segment}`;
    if (options.now() - (kept.get(name) ?? 0) < keepEvery) return;
    if (kept.size >= mostKept) kept.clear();
    kept.set(name, options.now());
    merge(key).catch((error: unknown) =>
      logger.warn({ ...key, err: error }, 'a segment could not be merged for its readers'),
    );
  };

  return {
    bundle(key, lastSeq) {
      // Without the seq one would share an answer that was begun before what one knows of was committed.
      const name = `${key.conversation}/${key.segment}/${lastSeq}`;
      let bundle = underWay.get(name);
      if (!bundle) {
        const end = bundleSeconds.startTimer();
        bundle = askTwice(() => worker.run('bundle', key)).finally(() => {
          underWay.delete(name);
          end();
        });
        underWay.set(name, bundle);
        bundle.then(
          (made) => keepForNext(key, made),
          () => undefined,
        );
      }
      return bundle;
    },
    missing: (key, stateVector) => askTwice(() => worker.run('missing', key, stateVector)),
    merge,
    turn: () => turns.now(),
    async close() {
      closed = true;
      rest.close();
      await worker.close();
      await turns.close();
    },
  };
}

/** A worker that was lost under somebody's request has done no harm: the next one is asked, once. */
async function askTwice<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    return ask();
  }
}
