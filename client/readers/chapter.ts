/**
 * The loaded part of one segment: the updates beyond the merged past, and a run of its blocks. Messages outside of what is loaded are
 * not shown, even when something about them is known.
 */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import { compareEvents, SegmentView, type Message } from '#schema/segment/segment-view.ts';
import type { BlockContent, BlockInfo, DeviceStore, Position } from '#client/store/device-store.ts';
import { addRows } from '#client/store/view-places.ts';

export interface Chapter {
  readonly segment: SegmentName;
  /** False: the device has not got all of it. */
  readonly present: boolean;
  /** Nothing of it was ever fetched. */
  readonly bare: boolean;
  /** There are blocks before, or after, what is loaded. */
  readonly more: { readonly older: boolean; readonly newer: boolean };
  /** Loads the next block at one end. */
  extend(end: 'older' | 'newer'): Promise<void>;
  /** How many loaded messages stand before a place; of all, when it is null. */
  countBefore(place: Position | null): number;
  /** Loaded messages by their position among the loaded ones. */
  slice(from: number, to: number): Message[];
  /** Takes in what was stored since. */
  follow(): Promise<void>;
  /** Reads everything anew: the loaded part stays about the same. */
  reload(): Promise<void>;
  /** Lets go of blocks far from the part between these places (null: the first, the newest). */
  narrow(from: Position | null, to: Position | null): Promise<void>;
}

/** Where to begin: at the newest, at the oldest, or around a place. */
export type Opening = 'newest' | 'oldest' | Position;

/** Blocks kept beyond those in view, at the most. */
const SPARE_BLOCKS = 8;

export async function openChapter(
  store: DeviceStore,
  conversation: ConversationId,
  segment: SegmentName,
  opening: Opening,
): Promise<Chapter> {
  let view = new SegmentView(segment);
  let blocks: readonly BlockInfo[] = [];
  let present = true;
  let lastN = 0;
  /** The loaded blocks: from the first of these indices up to but without the second. */
  let from = 0;
  let to = 0;

  await read(({ length }) => {
    if (opening === 'newest') return [length, length];
    if (opening === 'oldest') return [0, Math.min(1, length)];
    const index = regionOf(opening);
    return [index, Math.min(index + 1, length)];
  });

  /** Reads the segment and the blocks `range` picks. Begins anew while blocks are replaced under its hands. */
  async function read(range: (blocks: readonly BlockInfo[]) => [number, number]): Promise<void> {
    for (;;) {
      const stored = await store.segment(conversation, segment);
      ({ blocks, present } = stored);
      view = new SegmentView(segment);
      lastN = stored.rows.reduce((highest, { n }) => Math.max(highest, n), stored.mergedN);
      addRows(view, stored.rows);
      const [low, high] = range(blocks);
      const contents = await Promise.all(
        blocks.slice(low, high).map(({ id }) => store.block(conversation, segment, id)),
      );
      if (contents.some((content) => content === null)) continue;
      for (const content of contents) if (content) addBlock(view, content);
      [from, to] = [low, high];
      return;
    }
  }

  /** The block into whose region a place falls. */
  function regionOf(place: Position): number {
    let index = 0;
    while (index + 1 < blocks.length && compareEvents(blocks[index + 1]?.from ?? place, place) <= 0) index++;
    return index;
  }

  /** How many of the view's messages stand before what is loaded. */
  function below(): number {
    if (from === 0) return 0;
    const first = blocks[from];
    if (first) return view.countBefore(first.from);
    const last = blocks[from - 1];
    return last ? view.countBefore({ ...last.to, clock: last.to.clock + 1 }) : 0;
  }

  /** How many of the view's messages stand before the end of what is loaded. */
  function above(): number {
    const next = blocks[to];
    return next ? view.countBefore(next.from) : view.size;
  }

  /** Reads again with about the same part loaded; what was beyond the merged past may be in its last block now. */
  async function reload(): Promise<void> {
    const hadBlocks = blocks.length > 0;
    const first = from === 0 ? null : (blocks[from]?.from ?? blocks[from - 1]?.to ?? null);
    const next = blocks[to]?.from ?? null;
    await read(({ length }) => {
      const high = next ? regionOf(next) : length;
      // The whole past came at once: its end is enough to go on with.
      if (!hadBlocks) return [Math.max(0, high - 1), high];
      return [first ? Math.min(regionOf(first), high) : 0, high];
    });
  }

  return {
    segment,
    get present() {
      return present;
    },
    get bare() {
      return !present && blocks.length === 0;
    },
    get more() {
      return { older: from > 0, newer: to < blocks.length };
    },
    async extend(end) {
      const index = end === 'older' ? from - 1 : to;
      const block = blocks[index];
      if (!block) return;
      const content = await store.block(conversation, segment, block.id);
      if (!content) return reload();
      addBlock(view, content);
      if (end === 'older') from = index;
      else to = index + 1;
    },
    countBefore(place) {
      const [low, high] = [below(), above()];
      if (place === null) return high - low;
      return Math.max(0, Math.min(view.countBefore(place), high) - low);
    },
    slice(first, end) {
      const [low, high] = [below(), above()];
      return view.slice(Math.min(low + first, high), Math.min(low + end, high));
    },
    async follow() {
      const rows = await store.rowsAfter(conversation, segment, lastN);
      if (rows === null) return reload();
      addRows(view, rows);
      lastN = rows.reduce((highest, { n }) => Math.max(highest, n), lastN);
    },
    reload,
    async narrow(first, last) {
      const needed = (): [number, number] => [
        first ? regionOf(first) : 0,
        last === null ? blocks.length : Math.min(regionOf(last) + 1, blocks.length),
      ];
      const [low, high] = needed();
      if (to - from - (high - low) > SPARE_BLOCKS && low < high) await read(needed);
    },
  };
}

function addBlock(view: SegmentView, { elements, gone }: BlockContent): void {
  for (const { replica, clock, seq, value } of elements) view.add(replica, clock, seq, value);
  for (const { replica, clock, seq } of gone) view.remove(replica, clock, seq);
}
