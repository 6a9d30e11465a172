import type { DeviceStore } from '#client/store/device-store.ts';
import type { HttpPort } from '#client/sync/http-port.ts';
import type { Locks } from '#client/sync/leader.ts';
import type { SocketPort } from '#client/sync/socket-port.ts';
import type { Timers } from '#client/sync/timers.ts';
import type { FromWorker, WorkerStart } from './messages.ts';
import type { TabChannel } from './tab-link.ts';

/** What the device of a tab stands on. */
export interface WorkerDeviceDeps {
  readonly store: DeviceStore;
  readonly start: WorkerStart;
  readonly post: (message: FromWorker) => void;
  readonly socket: SocketPort;
  readonly http: HttpPort;
  readonly timers: Timers;
  readonly locks: Locks;
  /** To the other tabs of the device. */
  readonly channel: TabChannel;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly newId: () => string;
  /** Something failed that nobody waits for. */
  readonly failed: (error: unknown) => void;
}
