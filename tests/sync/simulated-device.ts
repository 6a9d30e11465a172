/**
 * A browser profile in a simulation: its disk, its locks, the channel between its tabs, its network. The tabs run the real engine over
 * the real store; a tab can be killed at any moment, the profile put back to an old copy of its disk.
 */
import { createHybridClock } from '#schema/hybrid-clock.ts';
import type { DeviceId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { createDeviceStore } from '#client/store/create-device-store.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import type { HttpPort } from '#client/sync/http-port.ts';
import { standForLeader } from '#client/sync/leader.ts';
import { createReplicaLease } from '#client/sync/replica-lease.ts';
import type { SocketPort } from '#client/sync/socket-port.ts';
import { createSyncEngine, type EngineReport } from '#client/sync/sync-engine.ts';
import type { ActContext } from '#client/worker/acts/act-context.ts';
import { createTabLink } from '#client/worker/tab-link.ts';
import { createFakeLocks, type FakeLocks } from '#tests/support/fake-locks.ts';
import { createDisk, type Disk } from './disk.ts';
import { createTabChannels, type TabChannels } from './tab-channels.ts';
import type { SimulatedRelay } from './simulated-relay.ts';
import type { World } from './world.ts';

export interface SimulatedTab {
  readonly store: DeviceStore;
  readonly context: ActContext;
  alive(): boolean;
  kill(): void;
}

export interface SimulatedDevice {
  readonly id: DeviceId;
  readonly user: UserId;
  /** How far its clock is ahead, ms. */
  skew: number;
  offline: boolean;
  /** The tabs that are open. */
  tabs(): readonly SimulatedTab[];
  openTab(): Promise<SimulatedTab>;
  /** Takes a copy of the disk. */
  backUp(): Promise<Disk>;
  /** Kills every tab and puts an old copy in the disk's place. */
  restore(disk: Disk): Promise<void>;
  /** What the engine reported as failed. */
  readonly failures: string[];
}

/** How a device can be made to break a rule: it sends what it did not mark; its disk forgets what was written when its last tab dies. */
export type Tampering = 'no-mark' | 'forgetful-disk';

/** The wire between a device and the relay. */
export interface Wire {
  readonly relay: SimulatedRelay;
  /** Sees every frame that leaves a device. */
  readonly tap: (device: SimulatedDevice, bytes: Uint8Array) => void;
  /** Share of frames that arrive twice. */
  readonly duplicates: number;
  /** A rule the devices break, to see that it is found. */
  readonly tamper: Tampering | null;
}

export function createSimulatedDevice(world: World, wire: Wire, id: DeviceId, user: UserId): SimulatedDevice {
  let disk = createDisk();
  let locks: FakeLocks = createFakeLocks();
  let channels: TabChannels = createTabChannels(world);
  let tabs: SimulatedTab[] = [];
  /** What a forgetful disk goes back to. */
  let forgotten: Disk | null = null;

  const device: SimulatedDevice = {
    id,
    user,
    skew: 0,
    offline: false,
    failures: [],
    tabs: () => tabs,
    openTab,
    backUp: () => world.track(disk.copy()),
    async restore(copy) {
      for (const tab of tabs) tab.kill();
      await world.rest();
      disk = await world.track(copy.copy());
      locks = createFakeLocks();
      channels = createTabChannels(world);
    },
  };

  async function openTab(): Promise<SimulatedTab> {
    if (wire.tamper === 'forgetful-disk' && tabs.length === 0) {
      disk = forgotten ?? disk;
      await world.rest();
      forgotten = await world.track(disk.copy());
    }
    let alive = true;
    const isAlive = (): boolean => alive;
    const connection = disk.connect();
    const owner = {};
    const timers = world.timers(() => device.skew, isAlive);
    const failed = (error: unknown): void =>
      void (alive && device.failures.push(String((error as Error).stack ?? error)));
    const channel = (name: string): BroadcastChannel => channels.open(name, isAlive);
    const opened = await world.track(
      createDeviceStore({
        kind: 'memory',
        user,
        device: id,
        environment: connection.environment,
        channel,
        now: timers.now,
        later: (act, ms) => timers.after(ms, act),
      }),
    );
    const sound = watched(opened, world, isAlive);
    const store = wire.tamper === 'no-mark' ? withoutMarks(sound) : sound;
    const clock = createHybridClock(timers.now, LIMITS.clockAheadMs);
    const link = createTabLink(channel('tabs'), (report: EngineReport) => {
      if (report.what === 'server-time') clock.correct(report.serverTime);
      if (report.what === 'failed') failed(report.error);
      if (report.what === 'connection' && report.state.name === 'live') lease.retry();
    });
    const lease = createReplicaLease({
      store,
      locks: locks.of(owner),
      name: 'simulated',
      random: world.random.next,
      wantMore: () => link.wish({ what: 'replicas' }),
      failed,
    });
    standForLeader(locks.of(owner), 'leader', () => {
      if (!alive) return () => undefined;
      const engine = createSyncEngine({
        store,
        socket: socketPort(isAlive),
        http: httpPort(isAlive),
        timers,
        random: world.random.next,
        clock,
        lease,
        tell: (report) => link.report(report),
      });
      link.lead((wish) => {
        if (wish.what === 'replicas') engine.wantReplicas();
      });
      return () => undefined;
    });
    const tab: SimulatedTab = {
      store,
      context: { store, lease, clock, user, newId: world.random.uuid },
      alive: isAlive,
      kill() {
        if (!alive) return;
        alive = false;
        tabs = tabs.filter((other) => other !== tab);
        connection.kill();
        locks.died(owner);
      },
    };
    tabs = [...tabs, tab];
    return tab;
  }

  function socketPort(alive: () => boolean): SocketPort {
    return {
      open(handlers) {
        let broken = false;
        let last = { up: 0, down: 0 };
        let end: { take(bytes: Uint8Array): void; gone(): void } | null = null;
        const reaches = (): boolean => !broken && !device.offline;
        /** Frames of one direction arrive in the order they left. */
        const travel = (way: 'up' | 'down', act: () => void): void => {
          const at = Math.max(last[way], world.time() + world.random.whole(1, 80));
          last = { ...last, [way]: at };
          world.after(at - world.time(), act);
        };
        const lose = (): void => {
          if (broken) return;
          broken = true;
          world.after(world.random.whole(1, 100), () => end?.gone());
        };
        const close = (code: number): void => {
          if (broken) return;
          lose();
          if (alive()) handlers.closed(code);
        };
        world.after(world.random.whole(1, 60), () => {
          if (!alive()) return;
          if (!reaches()) return close(1006);
          end = wire.relay.accept(id, {
            send: (bytes) =>
              travel('down', () => {
                if (!alive() || !reaches()) return lose();
                handlers.message(bytes);
              }),
            close: (code) => travel('down', () => (alive() && reaches() ? close(code) : lose())),
          });
          handlers.opened();
        });
        return {
          send(bytes) {
            if (broken || !alive()) return;
            wire.tap(device, bytes);
            for (let n = world.random.chance(wire.duplicates) && isPush(bytes) ? 2 : 1; n > 0; n--) {
              // Cut in the middle: what comes after does not arrive either.
              travel('up', () => (reaches() ? end?.take(bytes) : lose()));
            }
          },
          close: lose,
        };
      },
    };
  }

  function httpPort(alive: () => boolean): HttpPort {
    return {
      request: (request) =>
        new Promise((resolve, reject) => {
          const lost = (): void =>
            void world.after(world.random.whole(100, 3_000), () => alive() && reject(new Error('no network')));
          world.after(world.random.whole(1, 80), () => {
            if (!alive()) return;
            if (device.offline) return lost();
            try {
              const answer = wire.relay.answer(id, request);
              world.after(world.random.whole(1, 80), () => {
                if (!alive()) return;
                if (device.offline) lost();
                else resolve(answer);
              });
            } catch {
              lost();
            }
          });
        }),
    };
  }

  return device;
}

/** The frame's number (schema/wire/up.ts). */
function isPush(bytes: Uint8Array): boolean {
  return bytes[0] === 2;
}

/** The store as a tab has it: the world waits for its work, and a dead tab hears nothing more of it. */
function watched(store: DeviceStore, world: World, alive: () => boolean): DeviceStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        if (name === 'changed') {
          const listener = given[0] as (changes: unknown) => void;
          return target.changed((changes) => alive() && listener(changes));
        }
        if (!alive()) return new Promise(() => undefined);
        const work = world.track((value as (...given: unknown[]) => Promise<unknown>)(...given), alive);
        return new Promise((resolve, reject) => {
          work.then(
            (result) => alive() && resolve(result),
            (error: unknown) => alive() && reject(error as Error),
          );
        });
      };
    },
  });
}

/** A store whose marks (P5) are in memory alone: what was sent can still be changed in place. */
function withoutMarks(store: DeviceStore): DeviceStore {
  const marked = new Set<number>();
  return {
    ...Object.fromEntries(Reflect.ownKeys(store).map((name) => [name, Reflect.get(store, name) as unknown])),
    async markAttempted(ns: readonly number[]) {
      for (const n of ns) marked.add(n);
    },
    async outbox(limit: number, after?: number) {
      return (await store.outbox(limit, after)).map((entry) => ({
        ...entry,
        attempted: entry.attempted || marked.has(entry.n),
      }));
    },
  } as unknown as DeviceStore;
}
