/**
 * The sync engine of the leading tab: puts the parts together and passes each frame to the one it concerns. What each part promises
 * stands at its head.
 *
 *   welcome   replicas, server's time                    → clock-repair
 *   changes   stored with their cursor                   → pull and hydrate where a head moved; opens the queues after a greeting
 *   ack/nack  → push  (→ replica-repair, clock-repair)   delta → pull (→ receipts)      replicas → store
 */
import type { HybridClock } from '#schema/hybrid-clock.ts';
import { LIMITS } from '#schema/limits.ts';
import type { ConversationId, ReplicaId, SegmentName } from '#schema/ids.ts';
import type { DownFrame } from '#schema/wire/down.ts';
import type { Hello, Welcome } from '#schema/wire/hello.ts';
import { PROTOCOL_VERSION } from '#schema/wire/protocol-version.ts';
import type { Ack } from '#schema/wire/push.ts';
import type { Changes } from '#schema/wire/changes.ts';
import type { DeviceStore, StoreChange, StoredConversation } from '#client/store/device-store.ts';
import { createClockRepair } from './clock-repair.ts';
import { createCommandQueue } from './commands.ts';
import { createConnection } from './connection.ts';
import { isGreeted, type ConnectionState } from './connection-state.ts';
import type { HttpPort } from './http-port.ts';
import { createHydrator } from './hydrate.ts';
import { createInbox } from './inbox.ts';
import { isProvisional } from './provisional-replica.ts';
import { createTargetCheck } from './outbox-search.ts';
import { createPuller } from './pull.ts';
import { createPushQueue } from './push.ts';
import { createReceipts } from './receipts.ts';
import type { ReplicaLease } from './replica-lease.ts';
import { createReplicaRepair } from './replica-repair.ts';
import { createResync } from './resync.ts';
import type { SocketPort } from './socket-port.ts';
import type { Timers } from './timers.ts';

export interface SyncEngineDeps {
  readonly store: DeviceStore;
  readonly socket: SocketPort;
  readonly http: HttpPort;
  readonly timers: Timers;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly clock: HybridClock;
  readonly lease: ReplicaLease;
  readonly tell: (report: EngineReport) => void;
}

/** A conversation with at most so many commits is pulled from its beginning: one question on the open socket instead of two over HTTP. */
const PULLED_WHOLE = 100;

/** What the engine has to say to every tab. */
export type EngineReport =
  | { readonly what: 'connection'; readonly state: ConnectionState }
  /** Segments and lists that are still being fetched. */
  | { readonly what: 'to-fetch'; readonly segments: number }
  /** Everything the server had is here, as of now. */
  | { readonly what: 'synced' }
  | { readonly what: 'server-time'; readonly serverTime: number }
  /** The clock of this device was ahead: what it wrote meanwhile has other times now. */
  | { readonly what: 'clock-corrected' }
  | { readonly what: 'failed'; readonly error: string };

export interface SyncEngine {
  networkHint(online: boolean): void;
  syncNow(): void;
  /** Somebody looks at a segment that is not here yet. */
  wantSegment(conversation: ConversationId, segment: SegmentName): void;
  wantReplicas(): void;
  /** The server said over HTTP that the session is no more. */
  sessionGone(): void;
  stop(): void;
}

/** Starts to connect at once. */
export function createSyncEngine(deps: SyncEngineDeps): SyncEngine {
  const { store, timers, random, tell } = deps;
  let epoch = '';
  /** The conversations were read from the store once; later only what changed is. */
  let learned = false;
  let opened = false;
  /** Conversations whose updates wait: pending, or not the user's any more. */
  const held = new Set<ConversationId>();
  let acks: Ack[] = [];

  const failed = (error: unknown): void => {
    tell({ what: 'failed', error: String((error as Error).stack ?? error) });
    // What could not be stored comes again after the next greeting.
    connection.dispatch({ type: 'silent' });
  };
  const sessionGone = (): void => connection.dispatch({ type: 'session-gone' });
  const inbox = createInbox(failed);

  const clockRepair = createClockRepair({
    store,
    clock: deps.clock,
    underWay: () => [...push.underWay()].length > 0,
    corrected: () => tell({ what: 'clock-corrected' }),
    reconsider: () => push.reconsider(),
    failed,
  });
  const replicaRepair = createReplicaRepair({
    store,
    underWay: () => push.underWay(),
    caughtUp: (conversation) => pull.caughtUp(conversation),
    successor: (of) => deps.lease.granted(of),
    replace: (replica) => connection.send({ type: 'more-replicas', count: 1, retired: [replica] }),
    reconsider: () => push.reconsider(),
    failed,
  });
  const push = createPushQueue({
    store,
    timers,
    random,
    send: (frame) => connection.send(frame),
    allowed: (entries) => (clockRepair.holds() ? [] : replicaRepair.allowed(entries)),
    resync: createResync({ store, clockRepair, replicaRepair, now: timers.now }),
    mayComeTrue: createTargetCheck(store),
    committed: (conversation) => learn(conversation),
    answered: () => {
      clockRepair.step();
      replicaRepair.step();
    },
    failed,
  });
  const hydrator = createHydrator({
    store,
    http: deps.http,
    timers,
    random,
    hydrated: (conversation, head) => {
      pull.know(conversation, head, head);
      receipts.due(conversation);
    },
    sessionGone,
    progress: () => tell({ what: 'to-fetch', segments: hydrator.remaining() }),
  });
  const receipts = createReceipts({ store, timers, send: (frame) => connection.send(frame), failed });
  const pull = createPuller({
    store,
    send: (frame) => connection.send(frame),
    fetchSegments: (conversation, segments) => hydrator.segments(conversation, segments),
    moved: (conversation) => {
      receipts.due(conversation);
      replicaRepair.step();
      settle();
    },
  });
  const commands = createCommandQueue({
    store,
    http: deps.http,
    timers,
    random,
    done: async (created) => {
      if (created) await learn(created);
      push.reconsider();
    },
    sessionGone,
    failed,
  });

  const connection = createConnection({
    socket: deps.socket,
    timers,
    random,
    hello,
    received,
    moved: (state) => {
      if (!isGreeted(state)) close();
      tell({ what: 'connection', state });
    },
  });
  const unsubscribe = store.changed(storeChanged);
  tell({ what: 'connection', state: connection.state() });

  async function hello(): Promise<Hello> {
    const [state, replicas] = await Promise.all([store.device(), store.replicas()]);
    const granted = replicas.filter((entry) => !isProvisional(entry.replica));
    const retired = granted.filter((entry) => entry.retired).map((entry) => entry.replica);
    return {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      device: state.device,
      epoch: state.epoch,
      since: state.since,
      replicasWanted: Math.max(0, LIMITS.replicaBlock - (granted.length - retired.length)),
      retired,
    };
  }

  function received(frame: DownFrame): void {
    switch (frame.type) {
      case 'welcome':
        return inbox.add(() => welcomed(frame));
      case 'changes':
        return inbox.add(() => changed(frame));
      case 'ack':
        acks.push(frame);
        if (acks.length === 1) inbox.add(takeAcks);
        return;
      case 'nack':
        return inbox.add(() => push.refused(frame));
      case 'delta':
        return inbox.add(() => pull.take(frame));
      case 'replicas':
        return inbox.add(() => keepReplicas(frame.replicas));
      case 'heartbeat':
        return;
    }
  }

  async function welcomed(frame: Welcome): Promise<void> {
    epoch = frame.epoch;
    await keepReplicas(frame.replicas);
    await noteRetired();
    clockRepair.greeted(frame.serverTime);
    tell({ what: 'server-time', serverTime: frame.serverTime });
  }

  async function changed(frame: Changes): Promise<void> {
    await store.applyChanges(frame, epoch);
    if (learned && !frame.complete) {
      const moved = new Set([...frame.conversations.map((record) => record.id), ...frame.heads.map(([id]) => id)]);
      for (const id of moved) await learn(id);
    } else {
      const all = await store.conversations();
      for (const stored of all.sort((one, other) => other.activity - one.activity)) await know(stored);
      if (!learned) void resumeHydration(all);
      learned = true;
    }
    if (!opened) open();
    settle();
  }

  /** After the first `changes` of a connection: the device knows what the server knows, and may speak. */
  function open(): void {
    if (!isGreeted(connection.state())) return;
    opened = true;
    push.begin();
    pull.begin();
    hydrator.begin();
    commands.begin();
    receipts.begin();
  }

  function close(): void {
    opened = false;
    acks = [];
    inbox.clear();
    replicaRepair.forget();
    push.halt();
    pull.halt();
    hydrator.halt();
    commands.halt();
    receipts.halt();
  }

  async function takeAcks(): Promise<void> {
    const batch = acks;
    acks = [];
    await push.acknowledged(batch);
  }

  async function keepReplicas(replicas: readonly ReplicaId[]): Promise<void> {
    if (replicas.length > 0) await store.addReplicas(replicas);
  }

  async function noteRetired(): Promise<void> {
    const stored = await store.replicas();
    replicaRepair.retired(new Set(stored.filter((entry) => entry.retired).map((entry) => entry.replica)));
  }

  async function learn(id: ConversationId): Promise<void> {
    const stored = await store.conversation(id);
    if (stored) await know(stored);
  }

  /** Takes note of where a conversation stands. */
  async function know({ record, pending, cursor, head, activity, readUnsent }: StoredConversation): Promise<void> {
    const { id, left } = record;
    if (pending || left) held.add(id);
    else if (held.delete(id)) push.reconsider();
    if (pending || left) return;
    if (readUnsent) receipts.due(id);
    if (cursor !== null) return pull.know(id, cursor, head);
    if (head > PULLED_WHOLE) return hydrator.conversation(id, activity);
    await store.beginHydration(id, 0, []);
    pull.know(id, 0, head);
  }

  async function resumeHydration(all: readonly StoredConversation[]): Promise<void> {
    for (const { record, cursor, activity } of all) {
      if (cursor !== null && !record.left) await hydrator.resume(record.id, activity).catch(failed);
    }
  }

  function settle(): void {
    if (!opened || !pull.allCaughtUp()) return;
    if (connection.state().name === 'live') return;
    connection.dispatch({ type: 'caught-up' });
    tell({ what: 'synced' });
  }

  function storeChanged(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      if (change.what === 'outbox') push.poke();
      if (change.what === 'commands') commands.poke();
      if (change.what === 'device') noteRetired().catch(failed);
      if (change.what === 'conversations') for (const id of change.ids) receipts.due(id);
    }
  }

  return {
    networkHint: (online) => connection.dispatch({ type: online ? 'network-back' : 'network-gone' }),
    syncNow: () => connection.dispatch({ type: 'asked' }),
    wantSegment: (conversation, segment) => hydrator.urgent(conversation, segment),
    wantReplicas: () => connection.send({ type: 'more-replicas', count: LIMITS.replicaBlock, retired: [] }),
    sessionGone,
    stop() {
      unsubscribe();
      close();
      connection.stop();
    },
  };
}
