/** Reading the merged past of a segment, and putting another in its place. */
import { MergedRow, type BlockRow, type SegmentRowHead } from './database-rows.ts';
import type { LaidBlock } from './lay-out-blocks.ts';
import { parsed } from './read-rows.ts';
import { packBlock, unpackBlock, type CommittedPlace } from './segment-block.ts';
import { read, type StoreContext, type Transaction } from './store-context.ts';

export async function mergedRow(transaction: Transaction, s: number): Promise<MergedRow> {
  const row = parsed(transaction, 'merged', s, MergedRow, await transaction.db.merged.get(s));
  return row ?? { s, through: 0, mergedN: 0, nextBlock: 1, clocks: {}, blocks: [] };
}

/** The places of a block; null when it is not there (any more), or broken: then it is set aside. Outside of a transaction. */
export async function blockPlaces(context: StoreContext, s: number, id: number): Promise<CommittedPlace[] | null> {
  const packed = await read(context, ['blocks'], ({ db }) => db.blocks.get([s, id]));
  if (packed === undefined) return null;
  try {
    return await unpackBlock(packed);
  } catch (error) {
    context.damage.note({ table: 'blocks', key: [s, id], value: packed, reason: String(error) });
    await context.damage.settle(context.databases);
    return null;
  }
}

/** A block ready to be stored. */
export interface PackedBlock {
  readonly info: Omit<BlockRow, 'id'>;
  readonly packed: Uint8Array;
}

/** Packs blocks, all at once: the platform deflates on threads of its own. */
export async function packBlocks(blocks: readonly LaidBlock[]): Promise<PackedBlock[]> {
  return Promise.all(blocks.map(async ({ places, ...info }) => ({ info, packed: await packBlock(places) })));
}

/**
 * Stores a merged past: keeps the blocks named in `keep`, deletes the others of `before`, adds new ones.
 * @param clocks the next clock of each replica in what was added.
 */
export async function putMerged(
  { db }: Transaction,
  head: SegmentRowHead,
  before: MergedRow,
  change: {
    keep: readonly BlockRow[];
    add: readonly PackedBlock[];
    clocks: ReadonlyMap<number, number>;
    through: number;
    mergedN: number;
  },
): Promise<void> {
  const kept = new Set(change.keep.map(({ id }) => id));
  await db.blocks.bulkDelete(
    before.blocks.filter(({ id }) => !kept.has(id)).map(({ id }): [number, number] => [head.s, id]),
  );
  const added = change.add.map(({ info }, i) => ({ ...info, id: before.nextBlock + i }));
  await Promise.all(change.add.map((block, i) => db.blocks.add(block.packed, [head.s, before.nextBlock + i])));
  const clocks = { ...before.clocks };
  for (const [replica, next] of change.clocks) clocks[replica] = Math.max(clocks[replica] ?? 0, next);
  const blocks = [...change.keep, ...added].sort(
    (one, other) =>
      one.from.at - other.from.at || one.from.replica - other.from.replica || one.from.clock - other.from.clock,
  );
  await db.merged.put({
    s: head.s,
    through: change.through,
    mergedN: change.mergedN,
    nextBlock: before.nextBlock + added.length,
    clocks,
    blocks,
  });
}

/** The next clock of each replica after these places. */
export function clocksAfter(places: readonly CommittedPlace[]): Map<number, number> {
  const clocks = new Map<number, number>();
  for (const { replica, clock } of places) clocks.set(replica, Math.max(clocks.get(replica) ?? 0, clock + 1));
  return clocks;
}
