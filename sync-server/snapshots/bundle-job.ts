import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { encodeBundle } from '#schema/segment/segment-bundle.ts';
import type { DatabaseSession } from '#server/store/database.ts';
import {
  readSegment,
  type ReadLimits,
  type SegmentContent,
  type SegmentKey,
  type StoredSnapshot,
} from '#server/store/snapshots.ts';
import { bundleOf, mergeJob } from './merge-job.ts';
import { mergeSegment } from './merge-segment.ts';

/** A whole segment, ready to be sent. */
export interface FreshBundle extends StoredSnapshot {
  /** Rows that were merged for this answer only. */
  readonly rows: number;
  /** Of them, those that are bad; and events of which the log lost the row. Both show as gone. */
  readonly bad: number;
  readonly missing: number;
}

/** Half the time of the default level for 5 % more bytes: what is sent once is not worth more. */
const gzipLevel = 4;
/** How long another node is given to finish with a part of the segment before it is looked at again, ms. */
const busyWait = 50;

/**
 * A segment as of now, snapshot and rows in one; null when there is none. Stores nothing, except when more rows wait than may be merged
 * in one go: those are merged for good first.
 */
export async function bundleJob(
  session: DatabaseSession,
  key: SegmentKey,
  limits: ReadLimits,
): Promise<FreshBundle | null> {
  const content = await readWhole(session, key, limits);
  if (content.rows.length === 0) return content.snapshot && { ...content.snapshot, rows: 0, bad: 0, missing: 0 };
  const { bundle, bad, missing } = mergeSegment(bundleOf(content), content.rows);
  const body = gzipSync(encodeBundle(bundle), { level: gzipLevel });
  return { throughSeq: bundle.throughSeq, body, rows: content.rows.length, bad: bad.length, missing: missing.length };
}

/** A segment with all its rows. When more wait than may be read in one go, those are merged for good first. */
export async function readWhole(
  session: DatabaseSession,
  key: SegmentKey,
  limits: ReadLimits,
): Promise<SegmentContent> {
  let content = await readSegment(session, key, limits);
  while (content.more) {
    const { outcome } = await mergeJob(session, key, limits);
    if (outcome === 'busy') await wait(busyWait);
    content = await readSegment(session, key, limits);
  }
  return content;
}
