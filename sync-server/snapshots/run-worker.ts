/**
 * The server's side of the snapshot worker: a queue of jobs, one under way at a time, requests of people before work in stock. A worker
 * that dies or hangs is replaced; the job it had is refused with `WorkerLost`, and all others wait for the new one.
 */
import { Worker } from 'node:worker_threads';
import type { SegmentKey } from '#server/store/snapshots.ts';
import type {
  JobKind,
  WorkerAnswer,
  WorkerJobs,
  WorkerMessage,
  WorkerRequest,
  WorkerSettings,
} from './worker-messages.ts';

/** The worker died, hung, or was closed under a job. Nothing is half done: the job may be asked for again. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}

/** Too many jobs wait already. */
export class WorkerBusy extends Error {
  override readonly name = 'WorkerBusy';
}

export interface SnapshotWorker {
  /**
   * Runs a job; what people wait for before any `merge`. Throws WorkerLost, WorkerBusy, or what the job threw.
   * @param stateVector for `missing`
   */
  run<K extends JobKind>(job: K, key: SegmentKey, stateVector?: Uint8Array): Promise<WorkerJobs[K]>;
  /** Ends the thread as a crash would. The next job starts another. */
  kill(): Promise<void>;
  /** Refuses what waits, lets the job under way end, and ends the thread. */
  close(): Promise<void>;
}

export interface SnapshotWorkerOptions extends WorkerSettings {
  /** A job that takes longer is taken for stuck, ms. */
  readonly deadline?: number;
  /** Told of each worker that had to be replaced. */
  readonly onLost?: (reason: string) => void;
}

/** A large month takes some seconds; the worst that fits in its memory about twenty. */
const defaultDeadline = 60_000;
/** Enough for a month of a million short messages; beyond it the thread ends, not the server. */
const oldGenerationMegabytes = 1_024;
/** At some 5 ms a job the last of them waits five seconds: above that a refusal is kinder. */
const mostWaiting = 1_000;

interface Job {
  readonly request: WorkerRequest;
  readonly settle: (answer: WorkerAnswer) => void;
}

/** Starts the thread at once, so that the first job does not wait for it. */
export function startSnapshotWorker(options: SnapshotWorkerOptions): SnapshotWorker {
  const waiting = { asked: [] as Job[], merge: [] as Job[] };
  let current: Job | null = null;
  let worker: Worker | null = null;
  let ready = false;
  let deadline: NodeJS.Timeout | undefined;
  let nextId = 1;
  let closing: (() => void) | null = null;

  const refuse = (job: Job, error: Error): void => job.settle({ id: job.request.id, ok: false, error });

  const start = (): Worker => {
    const fresh = spawn({ databaseUrl: options.databaseUrl, logLevel: options.logLevel });
    const lost = (reason: string): void => {
      if (worker !== fresh) return;
      worker = null;
      clearTimeout(deadline);
      options.onLost?.(reason);
      const job = current;
      current = null;
      if (job) refuse(job, new WorkerLost(`the snapshot worker was lost: ${reason}`));
      next();
    };
    fresh.on('message', (message: WorkerMessage) => {
      if (worker !== fresh) return;
      if ('ready' in message) {
        ready = true;
        if (current) hand(current, fresh);
        return;
      }
      if (current?.request.id !== message.id) return;
      clearTimeout(deadline);
      const job = current;
      current = null;
      job.settle(message);
      next();
    });
    fresh.on('error', (error) => lost(error.message));
    fresh.on('exit', (code) => lost(`it ended with code ${code}`));
    worker = fresh;
    ready = false;
    return fresh;
  };

  const next = (): void => {
    if (current) return;
    current = waiting.asked.shift() ?? waiting.merge.shift() ?? null;
    if (!current) return closing?.();
    const thread = worker ?? start();
    if (ready) hand(current, thread);
  };

  /** Only now the clock of the deadline runs: loading the thread is not the job's fault. */
  const hand = (job: Job, thread: Worker): void => {
    thread.postMessage(job.request);
    deadline = setTimeout(() => void thread.terminate(), options.deadline ?? defaultDeadline);
  };

  start();
  return {
    run<K extends JobKind>(kind: K, key: SegmentKey, stateVector?: Uint8Array): Promise<WorkerJobs[K]> {
      if (closing) return Promise.reject(new WorkerLost('the snapshot worker is closed'));
      if (waiting.asked.length + waiting.merge.length >= mostWaiting)
        return Promise.reject(new WorkerBusy(`${mostWaiting} jobs wait for the snapshot worker`));
      return new Promise((resolve, reject) => {
        const settle = (answer: WorkerAnswer): void =>
          answer.ok ? resolve(answer.result as WorkerJobs[K]) : reject(answer.error);
        const request = { id: nextId++, job: kind, key, ...(stateVector && { stateVector }) };
        waiting[kind === 'merge' ? 'merge' : 'asked'].push({ request, settle });
        next();
      });
    },
    async kill() {
      await worker?.terminate();
    },
    async close() {
      const idle = new Promise<void>((resolve) => (closing = resolve));
      for (const job of [...waiting.asked.splice(0), ...waiting.merge.splice(0)])
        refuse(job, new WorkerLost('the snapshot worker is closed'));
      if (current) await idle;
      const thread = worker;
      worker = null;
      await thread?.terminate();
    },
  };
}

function spawn(workerData: WorkerSettings): Worker {
  return new Worker(new URL('./worker-start.mjs', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: oldGenerationMegabytes },
  });
}
