/**
 * Calls back soon after it was asked to, and not again for a while, however often it is asked: what is published for the eye need not
 * be published faster than the eye sees. The job runs one at a time.
 */
import type { Timers } from '#client/sync/timers.ts';

/** @param every the least time between two runs, ms. */
export function gather(
  timers: Timers,
  every: number,
  job: () => Promise<void>,
  failed: (error: unknown) => void,
): { ask(): void; stop(): void } {
  let asked = false;
  let busy = false;
  let stopped = false;
  let cancel = (): void => undefined;

  async function run(): Promise<void> {
    busy = true;
    asked = false;
    try {
      await job();
    } catch (error) {
      failed(error);
    }
    if (stopped) return;
    cancel = timers.after(every, () => {
      busy = false;
      if (asked) void run();
    });
  }

  return {
    ask() {
      asked = true;
      if (!busy && !stopped) void run();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
