/** The worker thread: merges segments, one job at a time, on a database connection of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { createLogger } from '#server/logger.ts';
import { openDatabase, type DatabaseSession } from '#server/store/database.ts';
import type { ReadLimits } from '#server/store/snapshots.ts';
import { bundleJob } from './bundle-job.ts';
import { mergeJob } from './merge-job.ts';
import { missingJob } from './missing-job.ts';
import type {
  JobKind,
  WorkerAnswer,
  WorkerJobs,
  WorkerMessage,
  WorkerRequest,
  WorkerSettings,
} from './worker-messages.ts';

/**
 * What one merge reads of the log at the most. 20,000 rows take 0.3 s to merge and as long to prove; 16 MiB of rows become some
 * 150 MB of objects at the height of it.
 */
const limits: ReadLimits = { rows: 20_000, bytes: 16 << 20 };

const port = parentPort;
if (!port) throw new Error('this file runs in a worker thread');
const { databaseUrl, logLevel } = workerData as WorkerSettings;
const database = openDatabase({ url: databaseUrl, poolSize: 1, logger: createLogger(logLevel) });
let session: DatabaseSession | null = null;

/** The connection, made anew after it was lost. */
async function connected(): Promise<DatabaseSession> {
  if (session) return session;
  const fresh = await database.session();
  fresh.onLost(() => {
    fresh.release();
    if (session === fresh) session = null;
  });
  session = fresh;
  return fresh;
}

async function run(request: WorkerRequest): Promise<WorkerAnswer> {
  const { id } = request;
  try {
    return { id, ok: true, result: await work(await connected(), request) };
  } catch (error) {
    // Whatever state the connection is in, the next job begins on a good one.
    session?.release();
    session = null;
    return { id, ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function work(connection: DatabaseSession, { job, key, stateVector }: WorkerRequest): Promise<WorkerJobs[JobKind]> {
  switch (job) {
    case 'merge':
      return mergeJob(connection, key, limits);
    case 'bundle':
      return bundleJob(connection, key, limits);
    case 'missing':
      return missingJob(connection, key, limits, stateVector ?? Uint8Array.of(0));
  }
}

let last: Promise<void> = Promise.resolve();
port.on('message', (request: WorkerRequest) => {
  last = last.then(async () => port.postMessage(await run(request)));
});
port.postMessage({ ready: true } satisfies WorkerMessage);
