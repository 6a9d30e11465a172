/**
 * Reading: the events of a segment → its messages with their edits, reactions and state. The result depends on nothing but the
 * set of events (rule R10): whatever order they came in, the view is the same. Adding is incremental, so that one more
 * message costs its own work only.
 *
 * Order: `at`, then replica, then clock.
 */
import type { EventId, SegmentName, UserId } from '../ids.ts';
import { eventId, eventPlace } from '../ids.ts';
import { isKnown, parseEvent, type DeleteEvent, type KnownEvent, type SegmentEvent } from './events.ts';

/** A text a message had or has. */
export interface MessageVersion {
  readonly text: string;
  readonly at: number;
}

/** A message as people see it. Treat as immutable: a change makes a new object. */
export interface Message {
  readonly id: EventId;
  readonly by: UserId;
  /** ms, hybrid clock. */
  readonly at: number;
  /** Its commit number; null while only this device has it. */
  readonly seq: number | null;
  readonly text: string;
  readonly replyTo: EventId | null;
  /** Every text, oldest first; more than one means it was edited. */
  readonly versions: readonly MessageVersion[];
  readonly deleted: boolean;
  /** Who reacted, by emoji, both in the order of their events. */
  readonly reactions: readonly { readonly emoji: string; readonly by: readonly UserId[] }[];
  /** An event of a kind this version does not know: shown as "Update to see this". */
  readonly unknown: boolean;
}

/** An event with its place. */
export interface PlacedEvent {
  readonly replica: number;
  readonly clock: number;
  readonly seq: number | null;
  readonly event: SegmentEvent;
}

/** Display order of two events. */
export function compareEvents(
  one: { readonly at: number; readonly replica: number; readonly clock: number },
  other: { readonly at: number; readonly replica: number; readonly clock: number },
): number {
  return one.at - other.at || one.replica - other.replica || one.clock - other.clock;
}

/** One message in the making: the event that wrote it, and the events about it. */
interface Root {
  readonly id: EventId;
  readonly replica: number;
  readonly clock: number;
  /** Where it stands; -1 until it is known. */
  at: number;
  placed: PlacedEvent | null;
  /** Its content was deleted: nothing of it is used any more, so that devices that never had it agree. */
  gone: boolean;
  /** Its commit number, once known. */
  seq: number | null;
  related: PlacedEvent[];
  /** The last reading, until something changes. */
  message: Message | null;
  visible: boolean;
}

/** The messages of one segment. */
export class SegmentView {
  readonly segment: SegmentName;
  private readonly roots = new Map<EventId, Root>();
  private readonly seen = new Map<EventId, PlacedEvent>();
  /** The visible roots in display order. */
  private readonly ordered: Root[] = [];

  constructor(segment: SegmentName) {
    this.segment = segment;
  }

  /**
   * Adds an event or replaces the one in its place (an own unsent one may change, a committed one gains its seq).
   * Gives the id of the message whose view changed, or null.
   */
  add(replica: number, clock: number, seq: number | null, value: unknown): EventId | null {
    const event = parseEvent(value);
    if (event === null) return null;
    const id = eventId(this.segment, replica, clock);
    const before = this.seen.get(id);
    // What it said about a message is gone with it.
    if (targetOf(event) !== null && this.roots.get(id)?.gone) return null;
    // What is committed never changes; seq 0 is of an earlier epoch of the server's database, and may be committed anew.
    if (before && before.seq !== null && (before.seq > 0 || seq === null)) return null;
    const target = targetOf(event);
    if (before && targetOf(before.event) !== target) this.detach(id, before);
    const placed: PlacedEvent = { replica, clock, seq, event };
    this.seen.set(id, placed);
    const root = this.root(target ?? id);
    if (target === null) root.placed = placed;
    else if (before && before !== placed) root.related = [...root.related.filter((other) => other !== before), placed];
    else root.related.push(placed);
    if (target === null) root.seq = seq;
    this.refresh(root);
    return root.id;
  }

  /** Takes note that the content of an event is gone (a Yjs deletion). Gives the id of the message whose view changed. */
  remove(replica: number, clock: number, seq: number | null = null): EventId {
    const id = eventId(this.segment, replica, clock);
    const before = this.seen.get(id);
    // Devices that never had the content do not know what it was about.
    if (before && targetOf(before.event) !== null) {
      this.seen.delete(id);
      this.detach(id, before);
    }
    const root = this.root(id);
    root.gone = true;
    root.seq ??= seq;
    this.refresh(root);
    return root.id;
  }

  /** The event that stands in a place, or null. */
  event(id: EventId): PlacedEvent | null {
    return this.seen.get(id) ?? null;
  }

  /** How many messages are shown; deleted ones are, as such. */
  get size(): number {
    return this.ordered.length;
  }

  /** The messages from position `from` up to but without `to`, in display order. */
  slice(from: number, to: number): Message[] {
    return this.ordered.slice(Math.max(0, from), Math.max(0, to)).map((root) => this.read(root));
  }

  /** How many messages are shown before a place in display order. */
  countBefore(place: { readonly at: number; readonly replica: number; readonly clock: number }): number {
    return this.position(place);
  }

  /** One message, or null when none of this id is shown. */
  get(id: EventId): Message | null {
    const root = this.roots.get(id);
    return root?.visible ? this.read(root) : null;
  }

  /** Position of a message in display order, or -1 when it is not shown. */
  indexOf(id: EventId): number {
    const root = this.roots.get(id);
    return root?.visible ? this.position(root) : -1;
  }

  private root(id: EventId): Root {
    let root = this.roots.get(id);
    if (!root) {
      const { replica, clock } = eventPlace(id);
      root = {
        id,
        replica,
        clock,
        at: -1,
        placed: null,
        gone: false,
        seq: null,
        related: [],
        message: null,
        visible: false,
      };
      this.roots.set(id, root);
    }
    return root;
  }

  /** Takes an event that is about to be replaced by one about something else out of the root it belonged to. */
  private detach(id: EventId, placed: PlacedEvent): void {
    const root = this.root(targetOf(placed.event) ?? id);
    if (root.placed === placed) root.placed = null;
    root.related = root.related.filter((other) => other !== placed);
    this.refresh(root);
  }

  /** Puts a root where it belongs now, and forgets its last reading. */
  private refresh(root: Root): void {
    root.message = null;
    const at = placeInTime(root);
    if (root.visible && at !== root.at) {
      this.ordered.splice(this.position(root), 1);
      root.visible = false;
    }
    if (at !== null && !root.visible) {
      root.at = at;
      root.visible = true;
      this.ordered.splice(this.position(root), 0, root);
    }
  }

  /** Where a root stands or would stand. Most come last. */
  private position(root: { readonly at: number; readonly replica: number; readonly clock: number }): number {
    let low = 0;
    let high = this.ordered.length;
    const last = this.ordered[high - 1];
    if (last && compareEvents(last, root) < 0) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.ordered[middle];
      if (there && compareEvents(there, root) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private read(root: Root): Message {
    root.message ??= readMessage(root);
    return root.message;
  }
}

/** The message an event is about, or null when it stands for itself. */
function targetOf(event: SegmentEvent): EventId | null {
  if (!isKnown(event)) return event.target ?? null;
  return event.kind === 'edit' || event.kind === 'delete' || event.kind === 'react' ? event.target : null;
}

/** The deletion that counts: the first in display order. */
function deletionOf(root: Root): { event: DeleteEvent; seq: number | null } | null {
  let first: { event: DeleteEvent; placed: PlacedEvent } | null = null;
  for (const placed of root.related) {
    const { event } = placed;
    if (!isKnown(event) || event.kind !== 'delete') continue;
    if (!first || compareEvents(inTime(placed), inTime(first.placed)) < 0) first = { event, placed };
  }
  return first && { event: first.event, seq: first.placed.seq };
}

/** The time a root is shown at, or null when there is nothing to show. A deleted one stands where its deletion says. */
function placeInTime(root: Root): number | null {
  const deletion = deletionOf(root);
  if (deletion) return deletion.event.targetAt;
  const event = root.gone ? undefined : root.placed?.event;
  return event === undefined || (isKnown(event) && event.kind === 'empty') ? null : event.at;
}

/** Reads a visible root. */
function readMessage(root: Root): Message {
  const shell = { id: root.id, at: root.at, seq: root.seq };
  const deletion = deletionOf(root);
  const nothing = { text: '', replyTo: null, versions: [], reactions: [] };
  if (deletion)
    return {
      ...shell,
      seq: root.seq ?? deletion.seq,
      by: deletion.event.targetBy,
      ...nothing,
      deleted: true,
      unknown: false,
    };
  const original = root.placed?.event;
  if (!original || !isKnown(original) || original.kind !== 'message') {
    return { ...shell, by: original?.by ?? ('' as UserId), ...nothing, deleted: false, unknown: true };
  }
  const related = root.related
    .filter((placed): placed is PlacedEvent & { event: KnownEvent } => isKnown(placed.event))
    .sort((one, other) => compareEvents(inTime(one), inTime(other)));
  const versions: MessageVersion[] = [{ text: original.text, at: original.at }];
  const slots = new Map<string, Set<UserId>>();
  for (const { event } of related) {
    if (event.kind === 'edit' && event.by === original.by) versions.push({ text: event.text, at: event.at });
    if (event.kind !== 'react') continue;
    const who = slots.get(event.emoji) ?? new Set<UserId>();
    if (event.on) slots.set(event.emoji, who.add(event.by));
    else who.delete(event.by);
  }
  const reactions = [...slots].filter(([, who]) => who.size > 0).map(([emoji, who]) => ({ emoji, by: [...who] }));
  const text = versions.at(-1)?.text ?? '';
  return {
    ...shell,
    by: original.by,
    text,
    replyTo: original.replyTo ?? null,
    versions,
    deleted: false,
    reactions,
    unknown: false,
  };
}

function inTime(placed: PlacedEvent): { at: number; replica: number; clock: number } {
  return { at: placed.event.at, replica: placed.replica, clock: placed.clock };
}
