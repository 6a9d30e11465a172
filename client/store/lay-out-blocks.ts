/**
 * Cutting a stretch of a segment into blocks, in display order: each message goes with everything about it (edits, reactions,
 * deletions), so that a block can be read alone.
 */
import type { SegmentName } from '#schema/ids.ts';
import { eventId, eventPlace } from '#schema/ids.ts';
import { aboutContent } from '#schema/segment/deleted-edits.ts';
import { isKnown, parseEvent, type SegmentEvent } from '#schema/segment/events.ts';
import { compareEvents } from '#schema/segment/segment-view.ts';
import type { Position } from './device-store.ts';
import { BLOCK_ROOTS } from './limits.ts';
import { inChainOrder, type CommittedPlace } from './segment-block.ts';

/** A place that may stand as a message, and the places about it. */
export interface RootStretch {
  readonly id: string;
  readonly position: Position;
  readonly places: readonly CommittedPlace[];
}

/** The content of a block that is to be written. */
export interface LaidBlock {
  readonly from: Position;
  readonly to: Position;
  readonly roots: number;
  readonly maxSeq: number;
  readonly rootRanges: [number, number, number][];
  readonly deletions: boolean;
  readonly places: CommittedPlace[];
}

/** The id of the place an event is shown at: its own, or that of its target in the same segment. */
export function rootOf(segment: SegmentName, place: CommittedPlace, event: SegmentEvent | null): string {
  const own = eventId(segment, place.replica, place.clock);
  if (event === null) return own;
  const target =
    isKnown(event) && (event.kind === 'message' || event.kind === 'empty')
      ? undefined
      : (event as { target?: string }).target;
  return target?.startsWith(`${segment}.`) ? target : own;
}

/** Gathers places by the message they belong to, in display order. */
export function stretches(segment: SegmentName, places: readonly CommittedPlace[]): RootStretch[] {
  const roots = new Map<
    string,
    { places: CommittedPlace[]; own: SegmentEvent | null; deletion: (Position & { targetAt: number }) | null }
  >();
  for (const place of places) {
    const event = 'gone' in place ? null : parseEvent(place.value);
    const id = rootOf(segment, place, event);
    const root = roots.get(id) ?? { places: [], own: null, deletion: null };
    roots.set(id, root);
    root.places.push(place);
    if (event === null) continue;
    if (isKnown(event) && event.kind === 'delete') {
      const deletion = { at: event.at, replica: place.replica, clock: place.clock, targetAt: event.targetAt };
      if (!root.deletion || compareEvents(deletion, root.deletion) < 0) root.deletion = deletion;
    } else if (id === eventId(segment, place.replica, place.clock)) root.own = event;
  }
  return [...roots]
    .map(([id, { places: own, own: event, deletion }]): RootStretch => {
      const { replica, clock } = eventPlace(eventIdOf(id));
      // What has no time of its own (its content is gone, or it is no event) is kept where it disturbs nobody: at the beginning.
      return { id, position: { at: deletion?.targetAt ?? event?.at ?? 0, replica, clock }, places: own };
    })
    .sort((one, other) => compareEvents(one.position, other.position));
}

/** Cuts messages, which are in display order, into blocks of about the same size. */
export function layOut(roots: readonly RootStretch[]): LaidBlock[] {
  const blocks: LaidBlock[] = [];
  // Full blocks from the beginning: the newest one takes what comes next.
  for (let i = 0; i < roots.length; i += BLOCK_ROOTS) blocks.push(block(roots.slice(i, i + BLOCK_ROOTS)));
  return blocks;
}

function block(roots: readonly RootStretch[]): LaidBlock {
  const ranges = new Map<number, [number, number, number]>();
  for (const { position } of roots) {
    const { replica, clock } = position;
    const range = ranges.get(replica);
    if (!range) ranges.set(replica, [replica, clock, clock]);
    else ranges.set(replica, [replica, Math.min(range[1], clock), Math.max(range[2], clock)]);
  }
  const places = roots.flatMap((root) => root.places).sort(inChainOrder);
  const [first] = roots;
  const last = roots.at(-1);
  if (!first || !last) throw new Error('a block needs a message');
  const maxSeq = places.reduce((highest, { seq }) => Math.max(highest, seq), 0);
  return {
    from: first.position,
    to: last.position,
    roots: roots.length,
    maxSeq,
    rootRanges: [...ranges.values()],
    deletions: places.some((place) => !('gone' in place) && aboutContent(place)?.kind === 'delete'),
    places,
  };
}

function eventIdOf(id: string): ReturnType<typeof eventId> {
  return id as ReturnType<typeof eventId>;
}
