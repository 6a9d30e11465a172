/**
 * C6: brings the history of conversations to a device that does not have it. The list of segments first, then the newest segment of each
 * conversation, the most recently active conversations first, then all older ones, the newest first. What a person scrolls to
 * jumps the queue. Stopped at any point it goes on from what the store says is missing.
 */
import * as z from 'zod';
import { ERROR_CODES, Refusal } from '#schema/errors.ts';
import { SegmentList } from '#schema/http/conversations.ts';
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { backoff } from './backoff.ts';
import { jsonOf, type HttpPort } from './http-port.ts';
import { requireSuccess } from './server-answer.ts';
import type { Timers } from './timers.ts';

/** Requests at the same time: the wire is never idle, and a page that wants something else of the server is not kept waiting. */
const AT_ONCE = 4;

/** Order of the work: lower is sooner. */
const URGENT = 0;
const NEWEST = 1;
const OLDER = 2;

export interface Hydrator {
  /** A conversation without a cursor. `activity` in ms. */
  conversation(id: ConversationId, activity: number): void;
  /** A conversation whose list is known: fetches what is not present. */
  resume(id: ConversationId, activity: number): Promise<void>;
  /** Somebody is looking at it now. */
  urgent(conversation: ConversationId, segment: SegmentName): void;
  /** Segments of which rows were merged away (C3). */
  segments(conversation: ConversationId, segments: readonly SegmentName[]): void;
  /** Segments and lists still to come. */
  remaining(): number;
  begin(): void;
  halt(): void;
}

export interface HydratorDeps {
  readonly store: DeviceStore;
  readonly http: HttpPort;
  readonly timers: Timers;
  readonly random: () => number;
  /** The conversation has a cursor from now on. */
  readonly hydrated: (conversation: ConversationId, head: number) => void;
  readonly sessionGone: () => void;
  readonly progress: () => void;
}

interface Job {
  readonly key: string;
  readonly conversation: ConversationId;
  /** Null: the list of segments. */
  readonly segment: SegmentName | null;
  readonly activity: number;
  tier: number;
  attempts: number;
  /** `resting`: it failed, and waits without keeping others from their turn (R11). */
  state: 'ready' | 'running' | 'resting';
}

export function createHydrator(deps: HydratorDeps): Hydrator {
  const { store } = deps;
  const jobs = new Map<string, Job>();
  let running = 0;
  let open = false;

  function add(conversation: ConversationId, segment: SegmentName | null, activity: number, tier: number): void {
    const key = `${conversation}/${segment ?? ''}`;
    const known = jobs.get(key);
    if (known) known.tier = Math.min(known.tier, tier);
    else jobs.set(key, { key, conversation, segment, activity, tier, attempts: 0, state: 'ready' });
    deps.progress();
    work();
  }

  function work(): void {
    while (open && running < AT_ONCE) {
      const job = best();
      if (!job) return;
      void run(job);
    }
  }

  /** The next job. A linear search: it runs once for each request, and there are some thousands of jobs at the most. */
  function best(): Job | null {
    let found: Job | null = null;
    for (const job of jobs.values()) {
      if (job.state === 'ready' && (!found || sooner(job, found))) found = job;
    }
    return found;
  }

  async function run(job: Job): Promise<void> {
    running++;
    job.state = 'running';
    const done = await attempt(job);
    running--;
    if (done) jobs.delete(job.key);
    else rest(job);
    deps.progress();
    work();
  }

  function rest(job: Job): void {
    job.attempts++;
    job.state = 'resting';
    deps.timers.after(backoff(job.attempts, deps.random), () => {
      if (job.state === 'resting') job.state = 'ready';
      work();
    });
  }

  /** False: to be tried again later. */
  async function attempt(job: Job): Promise<boolean> {
    try {
      if (job.segment === null) await fetchList(job);
      else await fetchSegment(job.conversation, job.segment);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) return false;
      if (error.code === 'not-signed-in') deps.sessionGone();
      // What the server will never give (the person left meanwhile) is not asked for again before the next start.
      return ERROR_CODES[error.code].again === 'never';
    }
  }

  async function fetchList(job: Job): Promise<void> {
    const answer = await deps.http.request({ method: 'GET', path: `/api/conversations/${job.conversation}/segments` });
    requireSuccess(answer);
    const list = z.parse(SegmentList, jsonOf(answer));
    await store.beginHydration(job.conversation, list.head, list.segments);
    deps.hydrated(job.conversation, list.head);
    await resume(job.conversation, job.activity);
  }

  async function fetchSegment(conversation: ConversationId, segment: SegmentName): Promise<void> {
    const answer = await deps.http.request({
      method: 'GET',
      path: `/api/conversations/${conversation}/segments/${segment}`,
    });
    requireSuccess(answer);
    // A cache on the way answered with an older one: to be tried again.
    if (!(await store.putSegment(conversation, segment, answer.body))) throw new Refusal('unavailable');
  }

  async function resume(id: ConversationId, activity: number): Promise<void> {
    const missing = (await store.segmentNames(id))
      .map((entry, i) => ({ ...entry, newest: i === 0 }))
      .filter((entry) => !entry.present);
    for (const { segment, newest } of missing) add(id, segment, activity, newest ? NEWEST : OLDER);
  }

  return {
    resume,
    conversation: (id, activity) => add(id, null, activity, NEWEST),
    urgent: (conversation, segment) => add(conversation, segment, Number.MAX_SAFE_INTEGER, URGENT),
    segments(conversation, segments) {
      for (const segment of segments) add(conversation, segment, Number.MAX_SAFE_INTEGER, NEWEST);
    },
    remaining: () => jobs.size,
    begin() {
      open = true;
      for (const job of jobs.values()) if (job.state === 'resting') job.state = 'ready';
      work();
    },
    halt() {
      open = false;
    },
  };
}

function sooner(one: Job, other: Job): boolean {
  if (one.tier !== other.tier) return one.tier < other.tier;
  if (one.tier === OLDER && one.segment !== other.segment) return (one.segment ?? '') > (other.segment ?? '');
  if (one.activity !== other.activity) return one.activity > other.activity;
  // The list of one conversation before the segment of another equally recent one: more can run beside each other then.
  return one.segment === null && other.segment !== null;
}
