/**
 * D9 and S14: this device's clock was ahead, and what it wrote meanwhile claims to be from the future. The hybrid clock is corrected,
 * and what was not acknowledged is given a time the server takes. While that waits nothing is sent, and it waits for the answers to
 * what is under way: a time the server refused a moment ago might pass a moment later, and then two copies would differ.
 */
import type { HybridClock } from '#schema/hybrid-clock.ts';
import { LIMITS } from '#schema/limits.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';
import { parseEvent } from '#schema/segment/events.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { singleFlight } from './single-flight.ts';

export interface ClockRepair {
  /** The relay said what time it is, at the greeting. */
  greeted(serverTime: number): void;
  /** The server refused an update because its time lies ahead of `serverTime`. */
  ahead(update: Uint8Array, serverTime: number): void;
  /** Whether pushes must wait. */
  holds(): boolean;
  step(): void;
}

export interface ClockRepairDeps {
  readonly store: DeviceStore;
  readonly clock: HybridClock;
  /** Whether anything has no answer yet. */
  readonly underWay: () => boolean;
  readonly corrected: () => void;
  readonly reconsider: () => void;
  readonly failed: (error: unknown) => void;
}

export function createClockRepair(deps: ClockRepairDeps): ClockRepair {
  let due: { skew: number; latest: number } | null = null;

  const step = singleFlight(async () => {
    if (!due || deps.underWay()) return;
    const { skew, latest } = due;
    await deps.store.retime(skew, latest);
    due = null;
    deps.reconsider();
  }, deps.failed);

  function plan(skew: number, serverTime: number): void {
    due = { skew: Math.max(skew, due?.skew ?? 0), latest: serverTime + LIMITS.clockAheadMs };
    step();
  }

  return {
    step,
    holds: () => due !== null,
    greeted(serverTime) {
      deps.clock.correct(serverTime);
      // The connection before was lost with answers that were waited for: none of them comes any more, and nothing is under way.
      if (deps.clock.skew() > 0 || due) plan(deps.clock.skew(), serverTime);
    },
    ahead(update, serverTime) {
      deps.clock.correct(serverTime);
      deps.corrected();
      // The clock may be right again by now while what it wrote is not: the update itself says how far it is off.
      plan(Math.max(deps.clock.skew(), latestTime(update) - serverTime), serverTime);
    },
  };
}

/** The highest `at` in an own update, ms. */
function latestTime(update: Uint8Array): number {
  return Math.max(0, ...decodeUpdate(update).elements.map((element) => parseEvent(element.value)?.at ?? 0));
}
