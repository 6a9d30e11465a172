/** The device's store on Dexie: opens the user's database and binds each act of the port to it. One file per act or group of acts. */
import { Dexie } from 'dexie';
import type { DeviceId, UserId } from '#schema/ids.ts';
import { acknowledged } from './acknowledge.ts';
import { beginHydration } from './begin-hydration.ts';
import { append } from './append.ts';
import { applyChanges } from './apply-changes.ts';
import { applyDelta } from './apply-delta.ts';
import { createChangeFeed, type ChangeChannel } from './change-feed.ts';
import { commandDone, commands, dismissRefusal, enqueueCommand, refusals } from './commands.ts';
import { compact } from './compact.ts';
import { conversation, conversations, damaged, device, markRead, members, people, saveDraft } from './conversations.ts';
import { createDamageReports, type Damage } from './damage-reports.ts';
import { databaseName } from './database-name.ts';
import { DeviceRow } from './database-rows.ts';
import type { DeviceStore } from './device-store.ts';
import { refreshAllStale } from './find-last-message.ts';
import { openDatabases, type DatabaseEnd, type DatabaseEnvironment } from './open-database.ts';
import { locate } from './locate.ts';
import { noteDeletions } from './note-deletions.ts';
import { markAttempted, outbox, outboxSize } from './outbox.ts';
import { putSegment } from './put-segment.ts';
import { readBlock, readSegment, rowsAfter, segmentNames } from './read-segment.ts';
import { discardFailed, failed, refused } from './refuse.ts';
import { retime, rewriteUnsent } from './relocate.ts';
import { replaceUnsent } from './replace-unsent.ts';
import { addReplicas, replicas, retireReplica } from './replicas.ts';
import { parsed } from './read-rows.ts';
import { createSegmentNumbers } from './segment-numbers.ts';
import { write, type StoreContext } from './store-context.ts';
import { firstUnread, unreadMessages } from './unread.ts';
import { createUpkeep, type Later } from './upkeep.ts';

export interface DeviceStoreOptions {
  readonly kind: DeviceStore['kind'];
  readonly user: UserId;
  readonly device: DeviceId;
  /** The browser's IndexedDB, or fake-indexeddb for tests and the mode without storage. */
  readonly environment: DatabaseEnvironment;
  /** To the other tabs, by the database's name; null where there are none. Closed with the store. */
  readonly channel: ((name: string) => ChangeChannel) | null;
  /** The device's clock, ms. */
  readonly now: () => number;
  /** An upgrade waits for other tabs to let go of the database. */
  readonly blocked?: () => void;
  /** Another tab upgraded or erased the database: this store is closed. */
  readonly ended?: (why: DatabaseEnd) => void;
  /** Runs housekeeping later (by `setTimeout`); null: only `compact` merges. */
  readonly later?: Later | null;
  /** A stored row could not be read and was set aside (R11). */
  readonly damageFound?: (damage: Damage) => void;
  /** A listener of `changed` threw, or housekeeping failed. */
  readonly failed?: (error: unknown) => void;
}

/** How long after the start it is looked for what was left to merge, ms: the first screen comes first. */
const LOOK_BACK = 5_000;

/** Opens the store of a user on this device. Throws what IndexedDB throws when there is no storage to be had. */
export async function createDeviceStore(options: DeviceStoreOptions): Promise<DeviceStore> {
  const name = databaseName(options.user);
  const feed = createChangeFeed(options.channel?.(name) ?? null, options.failed ?? (() => undefined));
  const databases = await openDatabases(name, options.environment, {
    blocked: () => options.blocked?.(),
    ended(why) {
      feed.close();
      options.ended?.(why);
    },
  }).catch((error: unknown) => {
    feed.close();
    throw error;
  });
  const upkeep = createUpkeep(
    options.later ?? null,
    (...segment) => compact(context, ...segment),
    options.failed ?? (() => undefined),
  );
  const context: StoreContext = {
    upkeep,
    segmentNumbers: createSegmentNumbers(),
    databases,
    user: options.user,
    feed,
    damage: createDamageReports(options.now, options.damageFound ?? (() => undefined)),
    now: options.now,
  };
  const lookBack = options.later?.(() => {
    noteDeletions(context).catch((error: unknown) => {
      if (databases.relaxed.isOpen()) options.failed?.(error);
    });
  }, LOOK_BACK);
  const close = (): void => {
    lookBack?.();
    upkeep.stop();
    feed.close();
    databases.strict.close();
    databases.relaxed.close();
  };
  await introduce(context, options);
  await refreshAllStale(context);
  return {
    ...actsOf(context),
    kind: options.kind,
    erase: () => erase(name, options.environment, close),
    close: () => Promise.resolve(close()),
  };
}

/** Notes whose database this is; a device that signed in anew keeps what it has. */
async function introduce(context: StoreContext, { user, device: id }: DeviceStoreOptions): Promise<void> {
  await write(context, 'strict', ['meta'], async (transaction) => {
    const row = parsed(transaction, 'meta', 'device', DeviceRow, await transaction.db.meta.get('device'));
    if (row?.user === user && row.device === id) return;
    await transaction.db.meta.put({ key: 'device', epoch: null, since: null, round: 0, ...row, user, device: id });
  });
}

async function erase(name: string, environment: DatabaseEnvironment, close: () => void): Promise<void> {
  close();
  await new Dexie(name, { ...environment, autoOpen: false }).delete();
}

function actsOf(context: StoreContext): Omit<DeviceStore, 'kind' | 'erase' | 'close'> {
  return {
    device: () => device(context),
    conversations: () => conversations(context),
    conversation: (id) => conversation(context, id),
    people: () => people(context),
    members: (id) => members(context, id),
    segmentNames: (id) => segmentNames(context, id),
    segment: (id, segment) => readSegment(context, id, segment),
    block: (id, segment, block) => readBlock(context, id, segment, block),
    rowsAfter: (id, segment, afterN) => rowsAfter(context, id, segment, afterN),
    locate: (id, message) => locate(context, id, message),
    failed: (id) => failed(context, id),
    unread: (id) => unreadMessages(context, id),
    firstUnread: (id) => firstUnread(context, id),
    damaged: () => damaged(context),
    append: (...place) => append(context, ...place),
    replaceUnsent: (...change) => replaceUnsent(context, ...change),
    discardFailed: (id, event) => discardFailed(context, id, event),
    saveDraft: (id, draft) => saveDraft(context, id, draft),
    markRead: (id, state) => markRead(context, id, state),
    outbox: (limit, after) => outbox(context, limit, after),
    outboxSize: () => outboxSize(context),
    markAttempted: (ns) => markAttempted(context, ns),
    acknowledged: (acks) => acknowledged(context, acks),
    refused: (n, code, message) => refused(context, n, code, message),
    retime: (skew, latest) => retime(context, skew, latest),
    rewriteUnsent: (replica, successor) => rewriteUnsent(context, replica, successor),
    applyDelta: (delta) => applyDelta(context, delta),
    applyChanges: (changes, epoch) => applyChanges(context, changes, epoch),
    beginHydration: (id, head, segments) => beginHydration(context, id, head, segments),
    putSegment: (id, segment, bundle) => putSegment(context, id, segment, bundle),
    compact: (id, segment) => compact(context, id, segment),
    enqueueCommand: (command, effect) => enqueueCommand(context, command, effect),
    commands: () => commands(context),
    commandDone: (n, refusal) => commandDone(context, n, refusal),
    refusals: () => refusals(context),
    dismissRefusal: (n) => dismissRefusal(context, n),
    replicas: () => replicas(context),
    addReplicas: (granted) => addReplicas(context, granted),
    retireReplica: (replica) => retireReplica(context, replica),
    changed: (listener) => context.feed.listen(listener),
  };
}
