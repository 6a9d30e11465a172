/**
 * The loaded part of a conversation's history: chapters that follow each other without a gap, from one place to another or to the
 * newest. It grows at both ends, a block at a time, and lets go of what is far away.
 */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { Message } from '#schema/segment/segment-view.ts';
import type { DeviceStore, Position } from '#client/store/device-store.ts';
import { openChapter, type Chapter, type Opening } from './chapter.ts';

/** A place in a conversation's display order: of its segments the later is later, whatever `at` says. */
export interface Place extends Position {
  readonly segment: SegmentName;
}

/** What lies beyond one end. `fetching`: the server has it, the device has not. */
export type Beyond = 'none' | 'more' | 'fetching';

export interface History {
  /** How many messages are loaded. */
  size(): number;
  /** How many loaded messages stand before a place. */
  countBefore(place: Place): number;
  slice(from: number, to: number): Message[];
  beyond(end: 'older' | 'newer'): Beyond;
  /** Loads a little more at one end. False: there is nothing there. */
  extend(end: 'older' | 'newer'): Promise<boolean>;
  /** Begins anew at the newest, or around a place. */
  open(at: 'newest' | Place): Promise<void>;
  /** Takes in what changed: `whole` names segments to be read anew, `news` those with new rows. */
  follow(news: ReadonlySet<SegmentName>, whole: ReadonlySet<SegmentName>): Promise<void>;
  /** Lets go of what is far from the part between these places (null: the newest). */
  narrow(from: Place, to: Place | null): Promise<void>;
  /** Nothing is known of the conversation but that it exists. */
  empty(): boolean;
  /** The segments that would be next if they were here. */
  wanted(): SegmentName | null;
}

export function createHistory(store: DeviceStore, conversation: ConversationId): History {
  /** All segments, oldest first. */
  let names: { segment: SegmentName; present: boolean }[] = [];
  /** The loaded ones, oldest first; without a gap in `names`. */
  let chapters: Chapter[] = [];

  async function readNames(): Promise<void> {
    names = (await store.segmentNames(conversation)).reverse();
  }

  const indexOf = (segment: SegmentName | undefined): number => names.findIndex((name) => name.segment === segment);
  const nextAt = (end: 'older' | 'newer'): SegmentName | null => {
    const edge = end === 'older' ? indexOf(chapters[0]?.segment) - 1 : indexOf(chapters.at(-1)?.segment) + 1;
    return (chapters.length > 0 && names[edge]?.segment) || null;
  };

  async function add(end: 'older' | 'newer', segment: SegmentName, opening: Opening): Promise<void> {
    const chapter = await openChapter(store, conversation, segment, opening);
    chapters = end === 'older' ? [chapter, ...chapters] : [...chapters, chapter];
  }

  /** Opens what came into being between the loaded chapters, or after them while the newest is in view. */
  async function fillIn(wasAtEnd: boolean): Promise<void> {
    const first = indexOf(chapters[0]?.segment);
    const last = wasAtEnd ? names.length - 1 : indexOf(chapters.at(-1)?.segment);
    const loaded = new Map(chapters.map((chapter) => [chapter.segment, chapter]));
    const all: Chapter[] = [];
    for (const { segment } of names.slice(Math.max(0, first), last + 1)) {
      all.push(loaded.get(segment) ?? (await openChapter(store, conversation, segment, 'newest')));
    }
    // A chapter in the middle is loaded whole: the loaded part has no holes.
    for (const chapter of all.slice(1)) while (chapter.more.older) await chapter.extend('older');
    for (const chapter of all.slice(0, -1)) while (chapter.more.newer) await chapter.extend('newer');
    chapters = all;
  }

  const atEnd = (): boolean => nextAt('newer') === null && !chapters.at(-1)?.more.newer;

  return {
    size: () => chapters.reduce((sum, chapter) => sum + chapter.countBefore(null), 0),
    countBefore(place) {
      let count = 0;
      for (const chapter of chapters) {
        if (chapter.segment > place.segment) break;
        count += chapter.countBefore(chapter.segment === place.segment ? place : null);
      }
      return count;
    },
    slice(from, to) {
      const found: Message[] = [];
      let start = 0;
      for (const chapter of chapters) {
        const size = chapter.countBefore(null);
        if (start + size > from && start < to)
          found.push(...chapter.slice(Math.max(0, from - start), Math.min(size, to - start)));
        start += size;
      }
      return found;
    },
    beyond(end) {
      const edge = end === 'older' ? chapters[0] : chapters.at(-1);
      if (!edge) return 'none';
      if (edge.more[end]) return 'more';
      if (end === 'older' && edge.bare) return 'fetching';
      return nextAt(end) === null ? 'none' : 'more';
    },
    async extend(end) {
      const edge = end === 'older' ? chapters[0] : chapters.at(-1);
      if (!edge) return false;
      if (edge.more[end]) {
        await edge.extend(end);
        return true;
      }
      // What was never fetched may hold anything: nothing older is shown before it is here.
      if (end === 'older' && edge.bare) return false;
      const next = nextAt(end);
      if (next === null) return false;
      await add(end, next, end === 'older' ? 'newest' : 'oldest');
      return true;
    },
    async open(at) {
      await readNames();
      chapters = [];
      const home = at !== 'newest' && indexOf(at.segment) >= 0 ? at : null;
      const segment = home?.segment ?? names.at(-1)?.segment;
      if (segment !== undefined) await add('newer', segment, home ?? 'newest');
    },
    async follow(news, whole) {
      const wasAtEnd = atEnd();
      const unknown = [...news, ...whole].some((segment) => indexOf(segment) < 0);
      if (unknown || whole.size > 0) await readNames();
      for (const chapter of chapters) {
        if (whole.has(chapter.segment)) await chapter.reload();
        else if (news.has(chapter.segment)) await chapter.follow();
      }
      if (unknown) await fillIn(wasAtEnd);
    },
    async narrow(from, to) {
      chapters = chapters.filter(({ segment }) => segment >= from.segment && (to === null || segment <= to.segment));
      for (const chapter of chapters) {
        const low = chapter.segment === from.segment ? from : null;
        await chapter.narrow(low, chapter.segment === to?.segment ? to : null);
      }
    },
    empty: () => names.length === 0,
    wanted() {
      const edge = chapters[0];
      return edge?.bare ? edge.segment : null;
    },
  };
}
