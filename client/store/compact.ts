import { Dexie } from 'dexie';
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { parseEvent } from '#schema/segment/events.ts';
import { compareEvents } from '#schema/segment/segment-view.ts';
import { CommittedPlaces } from './committed-places.ts';
import type { BlockRow, MergedRow, SegmentRowHead } from './database-rows.ts';
import { COMPACT_UPDATES } from './limits.ts';
import { layOut, rootOf, stretches, type RootStretch } from './lay-out-blocks.ts';
import { blockPlaces, clocksAfter, mergedRow, packBlocks, putMerged, type PackedBlock } from './merged-past.ts';
import { ofEpoch, segmentHead, updateRows } from './read-rows.ts';
import type { CommittedPlace } from './segment-block.ts';
import { read, write, type StoreContext } from './store-context.ts';
import type { StoredUpdate } from './update-row.ts';

interface Rows {
  readonly n: number;
  readonly updates: StoredUpdate[];
}

/**
 * Merges the committed rows of a segment into its blocks. Only the blocks they belong to are written anew: late arrivals, edits and
 * reactions find theirs by what stands in it. The work is done outside of the transaction, which then takes the rows it read, by
 * number, and gives up if another tab was faster.
 */
export async function compact(
  context: StoreContext,
  conversation: ConversationId,
  segment: SegmentName,
): Promise<void> {
  const found = await read(context, ['segments', 'merged', 'rows'], async (transaction) => {
    const head = await segmentHead(transaction, conversation, segment);
    if (!head?.present) return null;
    const rows = (await updateRows(transaction, head.s, 0))
      .map((row) => ({ ...row, updates: [...ofEpoch(head, row)] }))
      .filter(({ updates }) => updates.every(({ seq }) => seq !== null));
    const updates = rows.reduce((sum, row) => sum + row.updates.length, 0);
    if (rows.length === 0 || (updates < COMPACT_UPDATES && !head.deletions && head.staleN === 0)) return null;
    return { head, rows, merged: await mergedRow(transaction, head.s) };
  });
  if (!found) return;
  const plan = await planOf(context, segment, found);
  if (plan) await replace(context, found, plan);
}

interface Plan {
  readonly keep: readonly BlockRow[];
  readonly add: readonly PackedBlock[];
  readonly added: readonly CommittedPlace[];
}

/** Which blocks are touched, and what takes their place. Null when a block is not there any more. */
async function planOf(
  context: StoreContext,
  segment: SegmentName,
  found: { head: SegmentRowHead; rows: readonly Rows[]; merged: MergedRow },
): Promise<Plan | null> {
  const { merged, head } = found;
  const fresh = new CommittedPlaces();
  for (const { updates } of found.rows) for (const update of updates) fresh.addUpdate(update);
  const added = fresh.settled();
  const touched = new Set<BlockRow>(
    head.staleN > 0 ? merged.blocks : blocksOfTargets(segment, merged.blocks, added, fresh),
  );
  for (;;) {
    const all = new CommittedPlaces();
    for (const block of touched) {
      const places = await blockPlaces(context, head.s, block.id);
      if (!places) return null;
      for (const place of places) all.add(head.staleN > 0 ? { ...place, seq: 0 } : place);
    }
    for (const { updates } of found.rows) for (const update of updates) all.addUpdate(update);
    const roots = stretches(segment, all.settled());
    const missing = roots
      .map(({ position }) => blockAt(merged.blocks, position))
      .filter((block) => block !== null && !touched.has(block));
    if (missing.length === 0) {
      const add = await packBlocks(byRegion(merged.blocks, roots).flatMap(layOut));
      return { keep: merged.blocks.filter((block) => !touched.has(block)), add, added };
    }
    for (const block of missing) if (block) touched.add(block);
  }
}

/** The blocks in which the targets of these places may stand, and the deleted places. */
function blocksOfTargets(
  segment: SegmentName,
  blocks: readonly BlockRow[],
  places: readonly CommittedPlace[],
  fresh: CommittedPlaces,
): BlockRow[] {
  const wanted = new Map<number, number[]>();
  const want = (replica: number, clock: number): void => {
    if (!fresh.has(replica, clock)) wanted.set(replica, [...(wanted.get(replica) ?? []), clock]);
  };
  for (const place of places) {
    if ('gone' in place) continue;
    const root = rootOf(segment, place, parseEvent(place.value)).split('.');
    want(Number(root[1]), Number(root[2]));
  }
  for (const { replica, clock, count } of fresh.deleted) for (let i = 0; i < count; i++) want(replica, clock + i);
  return blocks.filter(({ rootRanges }) =>
    rootRanges.some(([replica, low, high]) => wanted.get(replica)?.some((clock) => low <= clock && clock <= high)),
  );
}

/** The block whose region a position falls into: each reaches from its first message to the next block's. */
function blockAt(blocks: readonly BlockRow[], position: BlockRow['from']): BlockRow | null {
  let found: BlockRow | null = blocks[0] ?? null;
  for (const block of blocks) {
    if (compareEvents(block.from, position) > 0) break;
    found = block;
  }
  return found;
}

/** Messages by the region of the block they fall into, so that new blocks do not reach into those that stay. */
function byRegion(blocks: readonly BlockRow[], roots: readonly RootStretch[]): RootStretch[][] {
  const regions = new Map<BlockRow | null, RootStretch[]>();
  for (const root of roots) {
    const block = blockAt(blocks, root.position);
    const region = regions.get(block);
    if (region) region.push(root);
    else regions.set(block, [root]);
  }
  return [...regions.values()];
}

/** Takes rows and blocks out and the new blocks in, if all is as it was read. */
async function replace(
  context: StoreContext,
  { head, rows, merged }: { head: SegmentRowHead; rows: readonly Rows[]; merged: MergedRow },
  plan: Plan,
): Promise<void> {
  await write(context, 'relaxed', ['segments', 'merged', 'blocks', 'rows'], async (transaction) => {
    const { db } = transaction;
    const keys = rows.map(({ n }): [number, number] => [head.s, n]);
    const beyond: [number, number] = [head.s, Math.max(...rows.map(({ n }) => n))];
    const [now, before, there, later] = await Promise.all([
      segmentHead(transaction, head.conversation, head.segment),
      mergedRow(transaction, head.s),
      db.rows.where(':id').anyOf(keys).count(),
      db.rows.where(':id').between(beyond, [head.s, Dexie.maxKey], false, true).count(),
    ]);
    if (
      !now?.present ||
      now.s !== head.s ||
      before.nextBlock !== merged.nextBlock ||
      now.staleN !== head.staleN ||
      there !== keys.length
    )
      return;
    await db.rows.bulkDelete(keys);
    const seqs = rows.flatMap(({ updates }) => updates.map(({ seq }) => seq ?? 0));
    await putMerged(transaction, head, before, {
      keep: plan.keep,
      add: plan.add,
      clocks: clocksAfter(plan.added),
      through: Math.max(head.staleN > 0 ? 0 : before.through, ...seqs),
      mergedN: Math.max(before.mergedN, ...rows.map(({ n }) => n)),
    });
    // What came while this was being merged may hold deletions itself.
    await db.segments.update(head.s, { deletions: now.deletions && later > 0, staleN: 0 });
  });
}
