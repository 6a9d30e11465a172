/**
 * Time and order of a simulation. Everything that takes time waits in one queue; the world lets the next thing happen, then waits until
 * what it set off in memory (promises, transactions of fake-indexeddb) has come to rest. So a run depends on nothing but its seed.
 */
import type { Timers } from '#client/sync/timers.ts';
import type { SeededRandom } from '#tests/support/seeded-random.ts';

/** 2026-11-30, 18:00: a month ends in the middle of things. */
export const BEGINNING = Date.UTC(2026, 10, 30, 18);

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
  cancelled: boolean;
}

export interface World {
  readonly random: SeededRandom;
  /** ms since the beginning. */
  time(): number;
  /** Lets something happen later. Gives the function that takes it back. */
  after(ms: number, act: () => void): () => void;
  /** Counts work in memory, so that `rest` waits for it, unless whoever does it has died: it may never come to an end then. */
  track<T>(work: Promise<T>, alive?: () => boolean): Promise<T>;
  /** Lets the next thing happen, and what follows from it at once. False: nothing is planned before `until`. */
  step(until: number): Promise<boolean>;
  /** Waits until nothing in memory moves. */
  rest(): Promise<void>;
  /** Timers of a tab whose clock is `skew` ms ahead. `alive` false: they are silent. */
  timers(skew: () => number, alive: () => boolean): Timers;
}

/** @param hasty share of steps that do not wait until memory is at rest, so that the next thing meets half-done work. */
export function createWorld(random: SeededRandom, hasty: number): World {
  let time = 0;
  let order = 0;
  let queue: Planned[] = [];
  const works = new Set<{ readonly alive: () => boolean }>();

  function after(ms: number, act: () => void): () => void {
    const planned: Planned = { at: time + Math.max(0, ms), order: order++, act, cancelled: false };
    // Sorted insertion from the end: most things are planned late.
    let i = queue.length;
    while (i > 0 && (queue[i - 1] as Planned).at > planned.at) i--;
    queue.splice(i, 0, planned);
    return () => {
      planned.cancelled = true;
    };
  }

  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  function busy(): boolean {
    for (const work of works) {
      if (work.alive()) return true;
      works.delete(work);
    }
    return false;
  }

  async function rest(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      await tick();
      quiet = busy() ? 0 : quiet + 1;
    }
  }

  return {
    random,
    time: () => time,
    after,
    track(work, alive = () => true) {
      const own = { alive };
      works.add(own);
      const done = (): void => void works.delete(own);
      work.then(done, done);
      return work;
    },
    async step(until) {
      queue = queue.filter((planned) => !planned.cancelled);
      const next = queue[0];
      if (!next || next.at > until) return false;
      queue.shift();
      time = Math.max(time, next.at);
      next.act();
      if (random.chance(hasty)) {
        for (let n = random.whole(0, 12); n > 0; n--) await tick();
      } else {
        await rest();
      }
      return true;
    },
    rest,
    timers: (skew, alive) => ({
      now: () => BEGINNING + time + skew(),
      elapsed: () => time,
      after: (ms, act) => after(ms, () => alive() && act()),
    }),
  };
}
