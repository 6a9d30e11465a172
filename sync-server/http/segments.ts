/** `GET /api/conversations/{id}/segments` and `GET /api/conversations/{id}/segments/{yyyy-mm}`: the history, a month at a time. */
import { Router, type RequestHandler } from 'express';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ConversationId, SegmentName } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { BUNDLE_VERSION } from '#schema/segment/segment-bundle.ts';
import { latencyBuckets, type Metrics } from '../metrics.ts';
import type { Snapshots } from '../snapshots/create-snapshots.ts';
import { WorkerBusy } from '../snapshots/run-worker.ts';
import type { Database } from '../store/database.ts';
import { listSegments, readSegmentState, readSnapshot } from '../store/segments.ts';
import type { StoredSnapshot } from '../store/snapshots.ts';
import { HttpRefusal, tooMuch } from './http-refusal.ts';
import { parsePath } from './parse.ts';
import { requirePrincipal } from './principal.ts';
import { createTokenBuckets, type TokenBuckets } from './token-buckets.ts';

export interface SegmentRoutesDeps {
  readonly database: Database;
  readonly snapshots: Pick<Snapshots, 'bundle'>;
  readonly metrics: Metrics;
  /** ms, never going back. */
  readonly now: () => number;
}

/** A new device asks for a list and a segment of each of its conversations at once, then for the rest: 2,000 conversations are one burst. */
const requests = { perSecond: 100, burst: 5_000 };
/** Seconds after which a device asks again when too many ask at once. */
const busyRetry = 2;

/** Mounted at /api/conversations, behind the session's middleware. */
export function createSegmentRoutes(deps: SegmentRoutesDeps): Router {
  const meters: Meters = {
    requests: createTokenBuckets(requests, deps.now),
    bytes: createTokenBuckets({ perSecond: LIMITS.bytesPerSecond, burst: LIMITS.bytesBurst }, deps.now),
  };
  const router = Router();
  router.get('/:id/segments', listRoute(deps, meters));
  router.get('/:id/segments/:segment', bundleRoute(deps, meters));
  return router;
}

/** What a session may ask for, and how much it may be given. */
interface Meters {
  readonly requests: TokenBuckets;
  readonly bytes: TokenBuckets;
}

function listRoute({ database }: SegmentRoutesDeps, meters: Meters): RequestHandler {
  return async (request, response) => {
    const { user, session } = requirePrincipal(request);
    const conversation = parsePath(ConversationId, request.params['id']);
    meter(meters.requests.take(session, 1));
    response.json(await listSegments(database, conversation, user));
  };
}

function bundleRoute(deps: SegmentRoutesDeps, meters: Meters): RequestHandler {
  const { database, metrics } = deps;
  const seconds = metrics.histogram(
    'chatsync_segment_request_seconds',
    'Time to answer a request for a segment',
    latencyBuckets,
    ['from'],
  );
  const bytes = metrics.counter('chatsync_segment_bytes_total', 'Bytes of segments sent');
  return async (request, response) => {
    const { user, session } = requirePrincipal(request);
    const key = {
      conversation: parsePath(ConversationId, request.params['id']),
      segment: parsePath(SegmentName, request.params['segment']),
    };
    meter(meters.requests.take(session, 1));
    meter(meters.bytes.take(session, 0));
    const started = performance.now();
    const state = await readSegmentState(database, key, user);
    if (!state) throw new HttpRefusal('not-found', undefined, {});

    // A browser may keep it, and asks each time: what it may read today it may not read tomorrow.
    response.set({
      'Cache-Control': 'private, no-cache',
      Vary: 'Cookie, Accept-Encoding',
      ETag: tag(state.epoch, state.lastSeq),
    });
    const measure = (from: string): void => seconds.observe({ from }, (performance.now() - started) / 1000);
    if (request.fresh) {
      response.status(304).end();
      return measure('not modified');
    }
    const stored = state.merged ? await readSnapshot(database, key) : null;
    const bundle = stored ?? (await freshBundle(deps, key, state.lastSeq));
    // It may have grown since the state was read; it is never older.
    response.set({ ETag: tag(state.epoch, bundle.throughSeq), 'Content-Type': 'application/octet-stream' });
    meters.bytes.take(session, bundle.body.length);
    bytes.inc(bundle.body.length);
    if (request.acceptsEncodings('gzip')) {
      response.set('Content-Encoding', 'gzip').end(bundle.body);
    } else {
      Readable.from([bundle.body])
        .pipe(createGunzip())
        .on('error', (error) => response.destroy(error))
        .pipe(response);
    }
    measure(stored ? 'snapshot' : 'merged');
  };
}

async function freshBundle(
  { snapshots }: SegmentRoutesDeps,
  key: Parameters<Snapshots['bundle']>[0],
  lastSeq: number,
): Promise<StoredSnapshot> {
  try {
    const bundle = await snapshots.bundle(key, lastSeq);
    if (bundle) return bundle;
  } catch (error) {
    if (error instanceof WorkerBusy)
      throw new HttpRefusal('unavailable', 'Too many ask for history at once. Please try again in a moment.', {
        retryAfter: busyRetry,
      });
    throw error;
  }
  // The conversation was deleted between the two looks.
  throw new HttpRefusal('not-found', undefined, {});
}

/** Weak: the same events may be compressed otherwise. */
function tag(epoch: string, seq: number): string {
  return `W/"${BUNDLE_VERSION}-${epoch.slice(0, 8)}-${seq}"`;
}

function meter(waitMs: number): void {
  if (waitMs > 0) throw tooMuch(waitMs);
}
