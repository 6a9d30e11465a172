/** What readers are given of segments. */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { SegmentRowHead } from './database-rows.ts';
import type { BlockContent, SegmentRow, StoredSegment } from './device-store.ts';
import { COMPACT_UPDATES } from './limits.ts';
import { blockPlaces, mergedRow } from './merged-past.ts';
import { ofEpoch, segmentHead, segmentHeads, updateRows } from './read-rows.ts';
import { read, type StoreContext } from './store-context.ts';
import type { StoredUpdate } from './update-row.ts';

export async function segmentNames(
  context: StoreContext,
  conversation: ConversationId,
): Promise<{ segment: SegmentName; present: boolean }[]> {
  return read(context, ['segments'], async (transaction) =>
    (await segmentHeads(transaction, conversation)).map(({ segment, present }) => ({ segment, present })).reverse(),
  );
}

export async function readSegment(
  context: StoreContext,
  conversation: ConversationId,
  segment: SegmentName,
): Promise<StoredSegment> {
  return read(context, ['segments', 'merged', 'rows'], async (transaction) => {
    const head = await segmentHead(transaction, conversation, segment);
    if (!head) return { segment, present: true, blocks: [], rows: [], mergedN: 0 };
    const [{ blocks, mergedN }, rows] = await Promise.all([
      mergedRow(transaction, head.s),
      updateRows(transaction, head.s, 0),
    ]);
    const infos = blocks.map(({ id, from, to, roots, maxSeq }) => ({ id, from, to, roots, maxSeq }));
    const updates = flat(head, rows);
    // Rows of a device that was closed before it merged them.
    if (updates.length >= COMPACT_UPDATES) context.upkeep.note(conversation, segment, updates.length, false);
    return { segment, present: head.present, blocks: infos, rows: updates, mergedN };
  });
}

export async function readBlock(
  context: StoreContext,
  conversation: ConversationId,
  segment: SegmentName,
  id: number,
): Promise<BlockContent | null> {
  const head = await read(context, ['segments'], (transaction) => segmentHead(transaction, conversation, segment));
  const places = head && (await blockPlaces(context, head.s, id));
  if (!places) return null;
  const content: { elements: BlockContent['elements'][number][]; gone: BlockContent['gone'][number][] } = {
    elements: [],
    gone: [],
  };
  for (const stored of places) {
    const place = head.staleN > 0 ? { ...stored, seq: 0 } : stored;
    if ('gone' in place) content.gone.push(place);
    else content.elements.push(place);
  }
  return content;
}

export async function rowsAfter(
  context: StoreContext,
  conversation: ConversationId,
  segment: SegmentName,
  afterN: number,
): Promise<SegmentRow[] | null> {
  return read(context, ['segments', 'merged', 'rows'], async (transaction) => {
    const head = await segmentHead(transaction, conversation, segment);
    if (!head) return [];
    const [{ mergedN }, rows] = await Promise.all([
      mergedRow(transaction, head.s),
      updateRows(transaction, head.s, afterN),
    ]);
    return mergedN > afterN ? null : flat(head, rows);
  });
}

function flat(head: SegmentRowHead, rows: readonly { n: number; updates: StoredUpdate[] }[]): SegmentRow[] {
  return rows.flatMap((row) => ofEpoch(head, row).map(({ seq, bytes }) => ({ n: row.n, seq, bytes })));
}
