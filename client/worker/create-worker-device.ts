/**
 * The part of a device that lives in a tab's worker, but for the store: acts, readers, this tab's stand for leadership, and what is
 * published for the screens. Loaded after the list of conversations was shown.
 */
import { createHybridClock } from '#schema/hybrid-clock.ts';
import { LIMITS } from '#schema/limits.ts';
import type { StoreChange } from '#client/store/device-store.ts';
import { createStatusTeller } from '#client/sync/connection-status.ts';
import { standForLeader } from '#client/sync/leader.ts';
import { createReplicaLease } from '#client/sync/replica-lease.ts';
import { createSyncEngine, type EngineReport } from '#client/sync/sync-engine.ts';
import { createActs } from './create-acts.ts';
import type { WorkerActs } from './messages.ts';
import { createPublisher } from './publisher.ts';
import { createTabLink } from './tab-link.ts';
import type { WorkerDeviceDeps } from './worker-device-deps.ts';

export interface WorkerDevice {
  readonly acts: WorkerActs;
  network(online: boolean): void;
}

export function createWorkerDevice(deps: WorkerDeviceDeps): WorkerDevice {
  const { store, start, timers, failed } = deps;
  // A store in memory is this tab's own: no other tab can send for it.
  const name = store.kind === 'memory' ? `chatsync ${start.user} memory ${deps.newId()}` : `chatsync ${start.user}`;
  const clock = createHybridClock(timers.now, LIMITS.clockAheadMs);
  const publisher = createPublisher({ store, start, timers, post: deps.post, failed });
  const status = createStatusTeller(timers, start.online, (connection) =>
    deps.post({ kind: 'topic', topic: 'connection', value: connection }),
  );

  const link = createTabLink(deps.channel, heard);
  const lease = createReplicaLease({
    store,
    locks: deps.locks,
    name,
    random: deps.random,
    wantMore: () => link.wish({ what: 'replicas' }),
    failed,
  });

  function heard(report: EngineReport): void {
    switch (report.what) {
      case 'connection':
        status.state(report.state);
        if (report.state.name === 'live') lease.retry();
        return;
      case 'server-time':
        return clock.correct(report.serverTime);
      case 'to-fetch':
        return publisher.toFetch(report.segments);
      case 'synced':
        return publisher.synced(timers.now());
      case 'clock-corrected':
        return publisher.notice(
          'information',
          'The clock of this device was ahead. The times of what you wrote were corrected.',
        );
      case 'failed':
        return failed(new Error(report.error));
    }
  }

  const stepDown = standForLeader(deps.locks, `${name} leader`, () => {
    const engine = createSyncEngine({
      store,
      socket: deps.socket,
      http: deps.http,
      timers,
      random: deps.random,
      clock,
      lease,
      tell: (report) => link.report(report),
    });
    link.lead((wish) => {
      switch (wish.what) {
        case 'sync-now':
          return engine.syncNow();
        case 'replicas':
          return engine.wantReplicas();
        case 'segment':
          return engine.wantSegment(wish.conversation, wish.segment);
        case 'network':
          return engine.networkHint(wish.online);
        case 'session-gone':
          return engine.sessionGone();
        case 'reports':
          return;
      }
    });
    return () => {
      link.lead(null);
      engine.stop();
    };
  });
  link.wish({ what: 'reports' });

  const unsubscribe = store.changed((changes: readonly StoreChange[]) => publisher.changed(changes));
  publisher.onWaiting((changes) => status.waiting(changes));
  publisher.begin();

  const acts = createActs({ ...deps, clock, lease, link, publisher, stop });

  function stop(): void {
    unsubscribe();
    publisher.stop();
    status.stop();
    stepDown();
    lease.close();
    link.close();
  }

  return {
    acts,
    network(online) {
      status.network(online);
      link.wish({ what: 'network', online });
    },
  };
}
