import { describe, expect, test } from 'vitest';
import type { Person } from '#schema/wire/people.ts';
import {
  ana,
  changes,
  fromAna,
  group,
  me,
  message,
  mine,
  november,
  otherGroup,
  record,
  settled,
  t0,
} from '#tests/contracts/device-store/world.ts';
import { memoryDisk, openMemoryStore } from '#tests/support/memory-store.ts';
import { databaseName } from './database-name.ts';
import type { DeviceStore, StoredConversation } from './device-store.ts';
import type { ListedConversation } from './listed-conversation.ts';
import type { DatabaseEnvironment } from './open-database.ts';
import { readFirstList } from './read-first-list.ts';

const person = (id: typeof ana, name: string): Person => ({ id, name, about: '', placeholder: false });

/** A store whose list has all a row may show: unread messages, an own one that waits, a draft, a group not confirmed yet. */
async function filled(disk: DatabaseEnvironment): Promise<DeviceStore> {
  const store = await openMemoryStore(disk);
  const relay = await settled(store, record(group), record(otherGroup, { title: 'Band', left: true }));
  await store.applyChanges(changes({ people: [person(ana, 'Ana'), person(me, 'Me')] }), 'epoch-1');
  fromAna(relay, november, message(ana, t0, 'one'), message(ana, t0 + 1, 'two'));
  await store.applyDelta(relay.delta(0));
  await store.append(otherGroup, november, mine, message(me, t0 + 2, 'mine'));
  await store.saveDraft(group, { text: 'half a sent', replyTo: null, at: t0 });
  const created = record('00000000-0000-4000-8000-0000000000c3' as typeof group, { title: 'New', createdBy: me });
  await store.enqueueCommand(
    { key: 'k', method: 'POST', path: '/api/conversations', body: {}, title: 'New', creates: created.id },
    { conversation: created },
  );
  return store;
}

/** What the list shows of a conversation as the store gives it. */
function shown(stored: StoredConversation): ListedConversation {
  const { id, kind, title, role, left, createdAt } = stored.record;
  const { pending, unread, activity, lastMessage, draft } = stored;
  const { id: _id, ...last } = lastMessage ?? { id: null };
  return {
    record: { id, kind, title, role, left, createdAt },
    pending,
    unread,
    activity,
    lastMessage: lastMessage && (last as ListedConversation['lastMessage']),
    draft: draft && { text: draft.text },
  };
}

async function inTable(
  disk: DatabaseEnvironment,
  table: string,
  change: (table: IDBObjectStore) => unknown,
): Promise<void> {
  const opening = disk.indexedDB.open(databaseName(me));
  const database = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
  const transaction = database.transaction(table, 'readwrite');
  change(transaction.objectStore(table));
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}

describe('the first list', () => {
  test('is what the store lists, whether or not the store is open', async () => {
    const disk = memoryDisk();
    const store = await filled(disk);
    const conversations = (await store.conversations()).map(shown);
    const people = await store.people();
    expect(conversations.map(({ unread, pending }) => [unread, pending])).toEqual([
      [2, false],
      [0, false],
      [0, true],
    ]);
    expect(await readFirstList(me, disk)).toEqual({ conversations, people });
    await store.close();
    expect(await readFirstList(me, disk)).toEqual({ conversations, people });
  });

  test('is empty where the device has nothing of the user, and makes no database', async () => {
    const disk = memoryDisk();
    expect(await readFirstList(me, disk)).toEqual({ conversations: [], people: [] });
    expect(await disk.indexedDB.databases()).toEqual([]);
    await (await filled(disk)).close();
  });

  test('[R11] leaves out rows that are not as they were written, and leaves them to the store', async () => {
    const disk = memoryDisk();
    await (await filled(disk)).close();
    await inTable(disk, 'conversations', (table) => {
      table.put({ id: group, record: { ...record(), title: 7 } });
      table.put({ id: 'x' });
    });
    await inTable(disk, 'people', (table) => table.put({ id: ana, record: { ...person(ana, 'Ana'), about: null } }));
    const list = await readFirstList(me, disk);
    expect(list?.conversations.map((one) => one.record.title)).toEqual(['Band', 'New']);
    expect(list?.people.map(({ name }) => name)).toEqual(['Me']);
    const store = await openMemoryStore(disk);
    expect((await store.damaged()).map(({ table }) => table)).toEqual(['conversations', 'conversations']);
    await store.close();
  });

  test('is left to the store where the tables are of another version', async () => {
    const disk = memoryDisk();
    const opening = disk.indexedDB.open(databaseName(me), 1_000);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    opening.result.close();
    expect(await readFirstList(me, disk)).toBeNull();
  });

  test('is left to the store where there is no storage to be had', async () => {
    expect(
      await readFirstList(me, {
        get indexedDB(): IDBFactory {
          throw new DOMException('refused', 'SecurityError');
        },
      }),
    ).toBeNull();
  });
});
