/** What the server and its snapshot worker say to each other. */
import type { LogLevel } from '#server/config.ts';
import type { SegmentKey } from '#server/store/snapshots.ts';
import type { FreshBundle } from './bundle-job.ts';
import type { MergeOutcome } from './merge-job.ts';

/** What the worker is told when it starts. */
export interface WorkerSettings {
  readonly databaseUrl: string;
  readonly logLevel: LogLevel;
}

/** The jobs, and what each gives. */
export interface WorkerJobs {
  readonly merge: MergeOutcome;
  readonly bundle: FreshBundle | null;
  readonly missing: Uint8Array;
}
export type JobKind = keyof WorkerJobs;

export interface WorkerRequest {
  readonly id: number;
  readonly job: JobKind;
  readonly key: SegmentKey;
  /** For `missing`: what the asker has. */
  readonly stateVector?: Uint8Array;
}

export type WorkerAnswer =
  | { readonly id: number; readonly ok: true; readonly result: WorkerJobs[JobKind] }
  | { readonly id: number; readonly ok: false; readonly error: Error };

/** What comes from the worker: that it is loaded, then an answer for each request. */
export type WorkerMessage = { readonly ready: true } | WorkerAnswer;
