/**
 * The one text about the connection (experience.md §6), from what the engine reports. What lasts only a moment is not shown: a socket
 * that is gone for less than three seconds, a message that is acknowledged within one.
 */
import type { ConnectionStatus } from '#client/services/device.ts';
import { isGreeted, type ConnectionState } from './connection-state.ts';
import type { Timers } from './timers.ts';

/** Silence about a lost connection, in ms. */
const RECONNECTING_AFTER = 3_000;
/** A connection that is lost for this long is called offline, in ms. */
const OFFLINE_AFTER = 8_000;
/** Changes that wait for this long are spoken of, in ms. */
const SYNCING_AFTER = 1_000;
/** How long "All changes saved" stands, in ms. */
const SAVED_FOR = 2_000;

/** What the status depends on; times in ms of `Timers.elapsed`. */
export interface StatusFacts {
  readonly state: ConnectionState;
  /** Since when there is no greeted socket; null while there is one. */
  readonly lostAt: number | null;
  /** Own changes that wait for the server, and since when there are any. */
  readonly waiting: number;
  readonly waitingSince: number | null;
  /** "Syncing" was shown, and everything has been saved since this moment. */
  readonly savedAt: number | null;
  /** The browser says there is no network. */
  readonly noNetwork: boolean;
}

/** The status at a moment, and when it has to be looked at again (null: when a fact changes). */
export function connectionStatus(facts: StatusFacts, now: number): { status: ConnectionStatus; again: number | null } {
  const { state, lostAt, waitingSince, savedAt } = facts;
  if (state.name === 'ended') return { status: { kind: 'ended', reason: state.reason }, again: null };
  if (!isGreeted(state)) {
    const lost = now - (lostAt ?? now);
    if (facts.noNetwork || lost >= OFFLINE_AFTER) return { status: { kind: 'offline' }, again: null };
    if (lost >= RECONNECTING_AFTER) return { status: { kind: 'reconnecting' }, again: OFFLINE_AFTER - lost };
    return { status: { kind: 'online' }, again: RECONNECTING_AFTER - lost };
  }
  if (facts.waiting > 0) {
    const waited = now - (waitingSince ?? now);
    if (waited >= SYNCING_AFTER) return { status: { kind: 'syncing', changes: facts.waiting }, again: null };
    return { status: { kind: 'online' }, again: SYNCING_AFTER - waited };
  }
  if (savedAt !== null && now - savedAt < SAVED_FOR)
    return { status: { kind: 'saved' }, again: SAVED_FOR - (now - savedAt) };
  return { status: { kind: 'online' }, again: null };
}

export interface StatusTeller {
  state(state: ConnectionState): void;
  waiting(changes: number): void;
  network(online: boolean): void;
  stop(): void;
}

/** Keeps the facts, and publishes the status whenever it changes. */
export function createStatusTeller(
  timers: Timers,
  online: boolean,
  publish: (status: ConnectionStatus) => void,
): StatusTeller {
  let facts: StatusFacts = {
    state: { name: 'connecting', attempt: 0 },
    lostAt: timers.elapsed(),
    waiting: 0,
    waitingSince: null,
    savedAt: null,
    noNetwork: !online,
  };
  let shown: ConnectionStatus | null = null;
  let cancel = (): void => undefined;

  function look(): void {
    cancel();
    const { status, again } = connectionStatus(facts, timers.elapsed());
    if (again !== null) cancel = timers.after(again, look);
    if (JSON.stringify(status) === JSON.stringify(shown)) return;
    shown = status;
    publish(status);
  }

  function change(part: Partial<StatusFacts>): void {
    facts = { ...facts, ...part };
    look();
  }

  look();
  return {
    state(state) {
      const lostAt = isGreeted(state) ? null : (facts.lostAt ?? timers.elapsed());
      change({ state, lostAt });
    },
    waiting(changes) {
      const now = timers.elapsed();
      if (changes > 0) return change({ waiting: changes, waitingSince: facts.waitingSince ?? now, savedAt: null });
      change({ waiting: 0, waitingSince: null, savedAt: shown?.kind === 'syncing' ? now : facts.savedAt });
    },
    network: (isOnline) => change({ noNetwork: !isOnline }),
    stop: () => cancel(),
  };
}
