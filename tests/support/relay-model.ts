/**
 * The least that can pass for a relay: the log of one conversation, its deltas, and its segments merged by a real Y.Doc. It follows the
 * specification by the shortest way, to be compared with.
 */
import * as Y from 'yjs';
import type { ConversationId, EventId, SegmentName } from '#schema/ids.ts';
import { eventPlace } from '#schema/ids.ts';
import { isKnown, parseEvent } from '#schema/segment/events.ts';
import { encodeBundle } from '#schema/segment/segment-bundle.ts';
import { SegmentView, type Message } from '#schema/segment/segment-view.ts';
import { decodeUpdate, encodeDeletion } from '#schema/segment/update-codec.ts';
import type { Delta } from '#schema/wire/delta.ts';

export interface LoggedUpdate {
  readonly seq: number;
  readonly segment: SegmentName;
  readonly bytes: Uint8Array;
}

export class RelayModel {
  readonly conversation: ConversationId;
  readonly log: LoggedUpdate[] = [];
  private readonly clocks = new Map<string, number>();
  private counted = 0;

  constructor(conversation: ConversationId) {
    this.conversation = conversation;
  }

  get head(): number {
    return this.log.length;
  }

  /** The next clock of a replica. */
  nextClock(segment: SegmentName, replica: number): number {
    // Counted again when a test has cut the log.
    if (this.counted > this.log.length) {
      this.counted = 0;
      this.clocks.clear();
    }
    for (; this.counted < this.log.length; this.counted++) {
      const update = this.log[this.counted];
      for (const element of update ? decodeUpdate(update.bytes).elements : [])
        this.clocks.set(`${update?.segment}/${element.replica}`, element.clock + 1);
    }
    return this.clocks.get(`${segment}/${replica}`) ?? 0;
  }

  /** R3, R6, D7: stores an update of one chain; gives its ack, or null for a gap or a conflict. */
  commit(segment: SegmentName, bytes: Uint8Array): { seq: number; to: number } | null {
    const { elements } = decodeUpdate(bytes);
    const [first] = elements;
    if (!first) return null;
    const expected = this.nextClock(segment, first.replica);
    if (first.clock < expected) return this.replay(segment, bytes);
    if (first.clock > expected) return null;
    const seq = this.head + 1;
    this.log.push({ seq, segment, bytes });
    const targets = elements.flatMap(({ value }) => {
      const event = parseEvent(value);
      return event && isKnown(event) && event.kind === 'delete' ? [event.target] : [];
    });
    if (targets.length > 0) this.log.push({ seq: seq + 1, segment, bytes: deletionOf(targets) });
    return { seq, to: this.head };
  }

  private replay(segment: SegmentName, bytes: Uint8Array): { seq: number; to: number } | null {
    const same = this.log.find((update) => update.segment === segment && String(update.bytes) === String(bytes));
    if (!same) return null;
    const next = this.log[same.seq];
    const deletion = next && decodeUpdate(next.bytes).deletions.length > 0;
    return { seq: same.seq, to: deletion ? same.seq + 1 : same.seq };
  }

  /** What came after `after`, up to `through`. */
  delta(after: number, through = this.head): Delta {
    const updates = this.log.slice(after, through).map(({ seq, segment, bytes }) => ({ seq, segment, update: bytes }));
    return {
      type: 'delta',
      conversation: this.conversation,
      after,
      through,
      head: this.head,
      updates,
      resyncSegments: [],
    };
  }

  /** C3: as if the rows of these segments had been merged: they are named instead. */
  deltaAfterMerge(after: number, merged: readonly SegmentName[]): Delta {
    const delta = this.delta(after);
    return {
      ...delta,
      updates: delta.updates.filter(({ segment }) => !merged.includes(segment)),
      resyncSegments: [...merged],
    };
  }

  segments(through = this.head): { segment: SegmentName; lastSeq: number; events: number }[] {
    const last = new Map<SegmentName, number>();
    for (const { segment, seq } of this.log.slice(0, through)) last.set(segment, seq);
    return [...last]
      .sort(([one], [other]) => (one < other ? 1 : -1))
      .map(([segment, lastSeq]) => ({ segment, lastSeq, events: 0 }));
  }

  /** A segment merged, as the server gives it. */
  bundle(segment: SegmentName, through = this.head): Uint8Array {
    const doc = new Y.Doc({ gc: true });
    const rows = this.log.slice(0, through).filter((update) => update.segment === segment);
    doc.transact(() => {
      for (const { bytes } of rows) Y.applyUpdate(doc, bytes);
    });
    const seqs = rows.flatMap(({ seq, bytes }) => {
      const { elements } = decodeUpdate(bytes);
      const [first] = elements;
      return first ? [{ seq, replica: first.replica, count: elements.length }] : [];
    });
    return encodeBundle({ throughSeq: rows.at(-1)?.seq ?? 0, update: Y.encodeStateAsUpdate(doc), seqs });
  }

  /** The timeline as everybody must see it. */
  timeline(through = this.head): Message[] {
    const views = new Map<SegmentName, SegmentView>();
    for (const { segment, seq, bytes } of this.log.slice(0, through)) {
      const view = views.get(segment) ?? new SegmentView(segment);
      views.set(segment, view);
      const { elements, deletions } = decodeUpdate(bytes);
      for (const { replica, clock, value } of elements) view.add(replica, clock, seq, value);
      for (const { replica, clock, count } of deletions)
        for (let i = 0; i < count; i++) view.remove(replica, clock + i);
    }
    return [...views].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, view]) => view.slice(0, view.size));
  }
}

function deletionOf(targets: readonly EventId[]): Uint8Array {
  return encodeDeletion(
    targets.map((target) => {
      const { replica, clock } = eventPlace(target);
      return { replica, clock, count: 1 };
    }),
  );
}
