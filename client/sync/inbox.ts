/**
 * One thing after the other: what the relay says is handled in the order it was said, each frame to its end before the next. A
 * connection that is lost takes what was not handled yet with it; all of it comes again (R6, C1).
 */
export interface Inbox {
  add(job: () => Promise<void>): void;
  /** Drops what was not begun. */
  clear(): void;
}

/** @param failed hears of a job that threw; the next ones go on. */
export function createInbox(failed: (error: unknown) => void): Inbox {
  let jobs: (() => Promise<void>)[] = [];
  let working = false;

  async function work(): Promise<void> {
    working = true;
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      try {
        await job();
      } catch (error) {
        failed(error);
      }
    }
    working = false;
  }

  return {
    add(job) {
      jobs.push(job);
      if (!working) void work();
    },
    clear() {
      jobs = [];
    },
  };
}
