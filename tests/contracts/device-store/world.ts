/** The people, the conversation and the times of the contract's cases. */
import type { ConversationId, DeviceId, EventId, ReplicaId, SegmentName, UserId } from '#schema/ids.ts';
import { nothingRead } from '#schema/read-state.ts';
import type { KnownEvent, MessageEvent } from '#schema/segment/events.ts';
import { SegmentView, type Message } from '#schema/segment/segment-view.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import type { Changes } from '#schema/wire/changes.ts';
import type { ConversationRecord } from '#schema/wire/people.ts';
import type { DeviceStore } from '#client/store/device-store.ts';
import { addRows } from '#client/store/view-places.ts';
import { RelayModel } from '#tests/support/relay-model.ts';

export const me = '00000000-0000-4000-8000-000000000001' as UserId;
export const ana = '00000000-0000-4000-8000-000000000002' as UserId;
export const thisDevice = '00000000-0000-4000-8000-0000000000d1' as DeviceId;
export const group = '00000000-0000-4000-8000-0000000000c1' as ConversationId;
export const otherGroup = '00000000-0000-4000-8000-0000000000c2' as ConversationId;

/** Two replicas of mine, and Ana's. */
export const mine = 7 as ReplicaId;
export const mineToo = 8 as ReplicaId;
export const hers = 9 as ReplicaId;

export const november = '2026-11' as SegmentName;
export const december = '2026-12' as SegmentName;
/** A moment in November, ms. */
export const t0 = Date.UTC(2026, 10, 5, 12);

export function message(by: UserId, at: number, text: string, replyTo?: EventId): MessageEvent {
  return { kind: 'message', by, at, text, ...(replyTo === undefined ? {} : { replyTo }) };
}

export function record(id: ConversationId = group, change: Partial<ConversationRecord> = {}): ConversationRecord {
  return {
    id,
    kind: 'group',
    title: 'Choir',
    createdBy: ana,
    createdAt: t0 - 1,
    role: 'member',
    joinedSeq: 0,
    left: false,
    read: nothingRead,
    ...change,
  };
}

export function changes(change: Partial<Changes> = {}): Changes {
  return {
    type: 'changes',
    cursor: '10',
    complete: false,
    people: [],
    conversations: [],
    members: [],
    heads: [],
    ...change,
  };
}

/** A device that knows the group, and has all of it that there is: nothing. */
export async function settled(store: DeviceStore, ...conversations: ConversationRecord[]): Promise<RelayModel> {
  const records = conversations.length > 0 ? conversations : [record()];
  await store.applyChanges(changes({ complete: true, conversations: records }), 'epoch-1');
  for (const { id } of records) await store.beginHydration(id, 0, []);
  return new RelayModel(group);
}

/** Ana writes, and the relay commits it. */
export function fromAna(relay: RelayModel, segment: SegmentName, ...events: KnownEvent[]): void {
  for (const event of events) {
    if (!relay.commit(segment, encodeAppend(hers, relay.nextClock(segment, hers), [event])))
      throw new Error('the model refused');
  }
}

/** All that waits goes out, and the acks come back. */
export async function pushAll(store: DeviceStore, relay: RelayModel): Promise<void> {
  const entries = await store.outbox(1_000);
  await store.markAttempted(entries.map(({ n }) => n));
  const acks = entries.map((entry) => ({ n: entry.n, ack: relay.commit(entry.segment, entry.bytes) }));
  await store.acknowledged(acks.flatMap(({ n, ack }) => (ack ? [{ n, ...ack }] : [])));
}

/** Everything the store shows of a conversation, oldest first. */
export async function timeline(store: DeviceStore, conversation: ConversationId = group): Promise<Message[]> {
  const shown: Message[] = [];
  for (const { segment } of (await store.segmentNames(conversation)).reverse()) {
    const { blocks, rows } = await store.segment(conversation, segment);
    const view = new SegmentView(segment);
    addRows(view, rows);
    for (const { id } of blocks) {
      const content = await store.block(conversation, segment, id);
      if (!content) throw new Error(`block ${id} of ${segment} is not there`);
      for (const { replica, clock, seq, value } of content.elements) view.add(replica, clock, seq, value);
      for (const { replica, clock, seq } of content.gone) view.remove(replica, clock, seq);
    }
    shown.push(...view.slice(0, view.size));
  }
  return shown;
}

export async function texts(store: DeviceStore, conversation: ConversationId = group): Promise<string[]> {
  return (await timeline(store, conversation)).map(({ text, deleted }) => (deleted ? '(deleted)' : text));
}
