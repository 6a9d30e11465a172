/** The parts of the relay behind its sockets, put together: one of them per server. */
import type { ConversationId, DeviceId, UserId } from '#schema/ids.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import { openEpoch } from '../store/installation.ts';
import { createCommitQueue, type CommitQueue } from './commit-queue.ts';
import { createFanOut } from './fan-out.ts';
import { createIntake, type Intake } from './intake.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { createNotices, type Said } from './notices.ts';
import { createOnline, type Online } from './online.ts';
import type { DeviceSocket } from './open-socket.ts';
import { createReceipts, type Receipts } from './receipts.ts';
import { createRefresher, type Refresher } from './refresh-changes.ts';
import { createRelayFigures, type RelayFigures } from './relay-figures.ts';
import type { RelayDeps, RelayWaits } from './relay.ts';
import { startSessionCheck } from './session-check.ts';
import { defaultWaits } from './waits.ts';

export interface RelayCore {
  /** The epoch of the database (C5). */
  readonly epoch: string;
  readonly waits: RelayWaits;
  readonly figures: RelayFigures;
  readonly online: Online;
  readonly intake: Intake;
  readonly commits: CommitQueue;
  readonly receipts: Receipts;
  readonly refresher: Refresher;
  /** Reads for devices go through this: so many at once that the pool has room for everything else. */
  readonly reads: Limiter;
  /** See `FanOut.follow`. */
  follow(conversation: ConversationId): Promise<void>;
  /** A device was greeted: it is told everything from now on, and a socket it had elsewhere ends (S2). */
  greet(socket: DeviceSocket): void;
  /** A device's socket is gone. */
  gone(device: DeviceId): void;
  relationalChange(users: readonly UserId[]): void;
  endDevice(device: DeviceId): void;
  endSession(session: string): void;
  dropMember(conversation: ConversationId, user: UserId): void;
  /** Finishes commits and receipts, and stops. The sockets have ended before. */
  close(): Promise<void>;
}

/** Statements that read for devices at once; the pool has ten connections by default, two of them the relay's own. */
const readsAtOnce = 4;

const replaced = 'This device has opened another socket.';

/** Rejects when the database cannot be reached. */
export async function createCore(deps: RelayDeps): Promise<RelayCore> {
  const { database, logger } = deps;
  const waits: RelayWaits = { ...defaultWaits, ...deps.waits };
  const figures = createRelayFigures(deps.metrics);
  const epoch = await openEpoch(database);
  const online = createOnline();
  const reads = createLimiter(readsAtOnce);
  /** When sockets of devices were greeted, by `deps.now`. */
  const cameAt = new WeakMap<DeviceSocket, number>();
  const refresher = createRefresher(database, online, reads, logger);

  const notices = await createNotices({
    database,
    logger,
    noticesMs: waits.noticesMs,
    presenceMs: waits.presenceMs,
    heard,
    doubt() {
      figures.doubts.inc();
      refresher.everybody();
      for (const socket of online.allOnSegments()) socket.missedUpdates();
    },
  });
  const fanOut = createFanOut({
    database,
    online,
    logger,
    notify: (conversation, seq, version) => notices.say({ heads: [[conversation, seq, version]] }),
    untold: refresher.everybody,
  });
  const receipts = createReceipts({
    database,
    online,
    fanOut,
    logger,
    receiptsMs: waits.receiptsMs,
    notify: (places) => notices.say({ places: places.map(([conversation, user]) => [conversation, user]) }),
  });
  const queue = createCommitQueue({
    database,
    logger,
    figures,
    patienceMs: waits.commitPatienceMs,
    committed: fanOut.committed,
    overlooked: (conversation, committed, origin) => {
      fanOut.overlooked(conversation, committed, origin);
      notices.say({ heads: [[conversation, committed.to, '']] });
    },
  });
  const sessions = startSessionCheck(database, online, logger, waits.sessionCheckMs);
  deps.metrics.gauge('chatsync_sockets', 'Open sockets', () => online.sockets().size);

  function heard(said: Said): void {
    for (const head of said.heads ?? []) headMoved(head);
    for (const [conversation, user] of said.dropped ?? []) dropHere(conversation, user);
    if (said.users) refresher.users(said.users);
    if (said.places) receipts.moved(said.places);
    for (const device of said.devicesEnded ?? []) endDeviceHere(device);
    for (const session of said.sessionsEnded ?? []) endSessionHere(session);
    for (const [device, at] of said.devicesHere ?? []) {
      const socket = online.device(device);
      // A notice may come late: of a socket that was there before, it does not end the one that took its place.
      if (socket && at >= (cameAt.get(socket) ?? 0)) socket.end(CLOSE.replaced, replaced);
    }
  }

  /** Own rows that came before are announced first: the notice may overtake the answer of their commit, and then nobody knows whose they are. */
  function headMoved([conversation, seq, version]: NonNullable<Said['heads']>[number]): void {
    const tell = (): void => fanOut.catchUp(conversation, seq, version || null);
    const underWay = queue.underWay(conversation);
    if (underWay) void underWay.then(tell);
    else tell();
  }

  function endDeviceHere(device: DeviceId): void {
    for (const socket of online.endDevice(device)) socket.end(CLOSE.revoked, 'This device was signed out.');
  }

  function endSessionHere(session: string): void {
    for (const socket of online.endSession(session)) socket.end(CLOSE.revoked, 'This session has ended.');
  }

  function dropHere(conversation: ConversationId, user: UserId): void {
    fanOut.drop(conversation, user);
    for (const socket of online.segmentSockets(conversation, user))
      socket.end(CLOSE.notAMember, 'You are no member any more.');
  }

  return {
    epoch,
    waits,
    figures,
    online,
    intake: createIntake(queue, figures, deps.now),
    commits: queue,
    receipts,
    refresher,
    reads,
    follow: fanOut.follow,
    greet(socket) {
      const at = deps.now();
      cameAt.set(socket, at);
      online.greet(socket)?.end(CLOSE.replaced, replaced);
      notices.say({ devicesHere: [[socket.device, at]] });
      sessions.touch(socket.device);
    },
    gone: sessions.touch,
    relationalChange(users) {
      refresher.users(users);
      notices.say({ users: [...users] });
    },
    endDevice(device) {
      endDeviceHere(device);
      notices.say({ devicesEnded: [device] });
    },
    endSession(session) {
      endSessionHere(session);
      notices.say({ sessionsEnded: [session] });
    },
    dropMember(conversation, user) {
      dropHere(conversation, user);
      notices.say({ dropped: [[conversation, user]] });
    },
    async close() {
      await queue.close();
      await fanOut.close();
      await receipts.close();
      await refresher.settled();
      await sessions.close();
      await notices.close();
    },
  };
}
