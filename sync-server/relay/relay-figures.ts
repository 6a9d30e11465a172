/** What the relay measures of itself. Made once per relay; names as Prometheus wants them. */
import type { Counter, Histogram } from 'prom-client';
import { latencyBuckets, type Metrics } from '../metrics.ts';

export interface RelayFigures {
  /** Pushes answered, by outcome: `stored`, `replay`, or the code of the refusal. */
  readonly pushes: Counter<'outcome'>;
  /** One transaction, from the call to its answer. */
  readonly commitSeconds: Histogram;
  /** Rows in one transaction. */
  readonly commitRows: Histogram;
  readonly commitRetries: Counter;
  /** Live deltas handed to sockets, and those held back from a socket that does not keep up (C7). */
  readonly deltas: Counter<'outcome'>;
  /** Frames of devices, by type; `unknown` and `malformed` too. */
  readonly frames: Counter<'type'>;
  /** Sockets that ended, by close code. */
  readonly closed: Counter<'code'>;
  /** Frames answered `rate-limited`. */
  readonly rateLimited: Counter;
  /** Bytes of updates read for devices that asked what they missed. */
  readonly pulledBytes: Counter;
  /** Updates of stock clients with an origin that is not their own chain's. */
  readonly foreignOrigins: Counter;
  /** Notices of other nodes that got lost: everything online was told anew. */
  readonly doubts: Counter;
}

const sizeBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export function createRelayFigures(metrics: Metrics): RelayFigures {
  return {
    pushes: metrics.counter('chatsync_pushes_total', 'Pushed updates by how they were answered', ['outcome']),
    commitSeconds: metrics.histogram('chatsync_commit_seconds', 'Time of one commit of updates', latencyBuckets),
    commitRows: metrics.histogram('chatsync_commit_rows', 'Rows stored by one commit of updates', sizeBuckets),
    commitRetries: metrics.counter('chatsync_commit_retries_total', 'Commits of updates that were tried again'),
    deltas: metrics.counter('chatsync_deltas_total', 'Live deltas, sent or held back by backpressure', ['outcome']),
    frames: metrics.counter('chatsync_frames_total', 'Frames received from devices', ['type']),
    closed: metrics.counter('chatsync_sockets_closed_total', 'Sockets ended by the server, by close code', ['code']),
    rateLimited: metrics.counter('chatsync_rate_limited_total', 'Pushes answered rate-limited'),
    pulledBytes: metrics.counter('chatsync_pulled_bytes_total', 'Bytes of updates sent to devices that asked for them'),
    foreignOrigins: metrics.counter(
      'chatsync_foreign_origins_total',
      'Items of stock clients that stand after another replica’s item',
    ),
    doubts: metrics.counter('chatsync_lost_notices_total', 'Times notices between nodes were found to be lost'),
  };
}
