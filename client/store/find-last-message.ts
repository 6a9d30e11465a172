import type { ConversationId } from '#schema/ids.ts';
import { eventPlace } from '#schema/ids.ts';
import { SegmentView, type Message } from '#schema/segment/segment-view.ts';
import { ConversationRow, FailedRow, type LastRow } from './database-rows.ts';
import { readSegment } from './read-segment.ts';
import { conversationRow, parsedAll, segmentHeads } from './read-rows.ts';
import { read, write, type StoreContext } from './store-context.ts';
import { addPlaces, addRows } from './view-places.ts';
import { blockPlaces } from './merged-past.ts';

/** Times the last message is looked for while new events keep coming in; then it stays stale until the next event. */
const ATTEMPTS = 5;

/** Finds the last message of a conversation anew from its segments, where its row says that it must be. */
export async function refreshLast(context: StoreContext, conversation: ConversationId): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await read(context, ['conversations'], (transaction) => conversationRow(transaction, conversation));
    if (!before?.lastStale) return;
    const last = await findLast(context, conversation);
    const done = await write(context, 'relaxed', ['conversations'], async (transaction) => {
      const row = await conversationRow(transaction, conversation);
      if (!row || row.folds !== before.folds) return row === null;
      await transaction.db.conversations.put({ ...row, last, lastStale: false });
      transaction.tell({ what: 'conversations', ids: [conversation] });
      return true;
    });
    if (done) return;
  }
}

/** Refreshes every conversation that was left stale by a crash. */
export async function refreshAllStale(context: StoreContext): Promise<void> {
  const stale = await read(context, ['conversations'], async (transaction) => {
    const raw = await transaction.db.conversations.toArray();
    return parsedAll(transaction, 'conversations', ConversationRow, raw, (row) => row['id']).filter(
      ({ lastStale }) => lastStale,
    );
  });
  for (const { id } of stale) await refreshLast(context, id);
}

/** The newest message shown, from the newest rows and blocks that hold one. */
async function findLast(context: StoreContext, conversation: ConversationId): Promise<LastRow | null> {
  const { heads, failed } = await read(context, ['segments', 'failed'], async (transaction) => ({
    heads: await segmentHeads(transaction, conversation),
    failed: parsedAll(
      transaction,
      'failed',
      FailedRow,
      await transaction.db.failed
        .where('[conversation+id]')
        .between([conversation, ''], [conversation, '\uffff'])
        .toArray(),
      (row) => [row['conversation'], row['id']],
    ),
  }));
  const refused = failed.map(failedLast).filter((last) => last !== null);
  let newest: LastRow | null = null;
  for (const { s, segment } of heads.reverse()) {
    const { blocks, rows } = await readSegment(context, conversation, segment);
    const view = new SegmentView(segment);
    addRows(view, rows);
    let message = view.slice(view.size - 1, view.size)[0];
    for (const block of [...blocks].reverse()) {
      if (message && message.at > block.to.at) break;
      const places = await blockPlaces(context, s, block.id);
      if (places) addPlaces(view, places);
      message = view.slice(view.size - 1, view.size)[0];
    }
    if (message) {
      newest = lastOfMessage(message);
      break;
    }
  }
  return [newest, ...refused].reduce<LastRow | null>(
    (one, other) => (one && (!other || one.place.at >= other.place.at) ? one : other),
    null,
  );
}

function lastOfMessage(message: Message): LastRow {
  const { id, by, at, text, deleted, unknown, seq, versions } = message;
  const { replica, clock } = eventPlace(id);
  const editedAt = versions.length > 1 ? (versions.at(-1)?.at ?? null) : null;
  return { id, by, text, deleted, unknown, seq, failed: false, place: { at, replica, clock }, editedAt };
}

function failedLast({ id, event }: FailedRow): LastRow | null {
  if (event.kind !== 'message') return null;
  const { replica, clock } = eventPlace(id);
  const place = { at: event.at, replica, clock };
  return {
    id,
    by: event.by,
    text: event.text,
    deleted: false,
    unknown: false,
    seq: null,
    failed: true,
    place,
    editedAt: null,
  };
}
