/** The device's store as the app opens it, for people and conversations that are only numbers. */
import type { ConversationId, DeviceId, UserId } from '#schema/ids.ts';
import type { ConversationRecord } from '#schema/wire/people.ts';
import { createDeviceStore } from '#client/store/create-device-store.ts';
import type { DeviceStore } from '#client/store/device-store.ts';

const uuid = (group: number, n: number): string =>
  `00000000-0000-4000-8${group.toString(16).padStart(3, '0')}-${n.toString(16).padStart(12, '0')}`;

export const userId = (n: number): UserId => uuid(1, n) as UserId;
export const conversationId = (n: number): ConversationId => uuid(2, n) as ConversationId;

/** Opens the database of a user, making it where there is none. */
export function openStore(user: number): Promise<DeviceStore> {
  return createDeviceStore({
    kind: 'indexeddb',
    user: userId(user),
    device: uuid(3, user) as DeviceId,
    environment: { indexedDB, IDBKeyRange },
    channel: (name) => new BroadcastChannel(name),
    now: Date.now,
  });
}

/** Tells the store of a conversation, as the server would; everything up to `read` was read. */
export async function introduce(store: DeviceStore, user: number, conversation: number, read: number): Promise<void> {
  const record: ConversationRecord = {
    id: conversationId(conversation),
    kind: 'group',
    title: `Conversation ${conversation}`,
    createdBy: userId(user),
    createdAt: 0,
    role: 'member',
    joinedSeq: 0,
    left: false,
    read: { seq: read, above: {} },
  };
  const changes = { cursor: '1', complete: false, people: [], conversations: [record], members: [], heads: [] };
  await store.applyChanges({ type: 'changes', ...changes }, 'epoch');
}
