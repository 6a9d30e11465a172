import { Dexie } from 'dexie';
import { segmentOf } from '#schema/ids.ts';
import { encodeAppend } from '#schema/segment/update-codec.ts';
import { databaseName } from '#client/store/database-name.ts';
import { conversationId, introduce, openStore, userId } from './bench-store.ts';
import { messagesOf } from './fill.ts';
import type { Figures, Place } from './questions.ts';

/** A replica of somebody else. */
const OTHER = 50_000;

/** Messages of 50 characters that arrive one by one: mean bytes of the update, and of the row it lies in. */
export async function measureLog({ user, conversation }: Place, count: number): Promise<Figures> {
  const store = await openStore(user);
  const id = conversationId(conversation);
  await introduce(store, user, conversation, 0);
  await store.beginHydration(id, 0, []);
  let seq = 0;
  let bytes = 0;
  for (const { at, text } of messagesOf({ seed: 3, messages: count, months: 1, length: 50 })) {
    const update = encodeAppend(OTHER, seq, [{ kind: 'message', by: userId(OTHER), at, text }]);
    bytes += update.length;
    const updates = [{ seq: seq + 1, segment: segmentOf(at), update }];
    const place = { conversation: id, after: seq, through: seq + 1, head: seq + 1 };
    await store.applyDelta({ type: 'delta', ...place, updates, resyncSegments: [] });
    seq += 1;
  }
  await store.close();
  return { update: bytes / count, row: (await rowBytes(user)) / count };
}

/** Everything in the table of rows, as it lies there. */
async function rowBytes(user: number): Promise<number> {
  const database = await new Dexie(databaseName(userId(user))).open();
  let sum = 0;
  await database.table<Uint8Array>('rows').each((row) => (sum += row.byteLength));
  database.close();
  return sum;
}
