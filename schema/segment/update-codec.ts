/**
 * The Yjs bytes of a segment, written and read without a Y.Doc. A segment is one root Y.Array named `log` of plain JSON
 * events; a replica's items form a chain: the origin of each is the replica's item before it, of the first none. So an append
 * needs nothing but the replica's next clock, merged chains become one struct, and a Y.Doc that applies the bytes agrees
 * (decision 0001).
 */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { SegmentEvent } from './events.ts';

/** The name of the one root type. */
export const LOG = 'log';

/** A run of consecutive clocks of one replica. */
export interface ClockRange {
  readonly replica: number;
  readonly clock: number;
  readonly count: number;
}

/** One element of the log and where it stands; `value` is not parsed yet. */
export interface LogElement {
  readonly replica: number;
  readonly clock: number;
  readonly value: unknown;
}

/** What an update holds: elements in order of replica and clock, ranges whose content is gone, and deletions it asks for. */
export interface UpdateContent {
  readonly elements: LogElement[];
  /** Clocks that exist but whose content was deleted. */
  readonly gone: ClockRange[];
  /** The delete set. */
  readonly deletions: ClockRange[];
}

/** Writes the update that appends events to a replica's chain. `clock` is the replica's next clock in this segment. */
export function encodeAppend(replica: number, clock: number, events: readonly SegmentEvent[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  // One client section with one struct, from this clock on.
  for (const n of [1, 1, replica, clock]) encoding.writeVarUint(encoder.restEncoder, n);
  const origin = clock > 0 ? Y.createID(replica, clock - 1) : null;
  // The struct is never integrated, only written: Yjs takes the name of a root type as its parent then.
  const parent = LOG as unknown as Y.AbstractType<unknown>;
  new Y.Item(Y.createID(replica, clock), null, origin, null, null, parent, null, new Y.ContentAny([...events])).write(encoder, 0);
  encoding.writeVarUint(encoder.restEncoder, 0); // no deletions
  return encoder.toUint8Array();
}

/** Writes the update that deletes ranges of the log. Only the relay does (rule R5). */
export function encodeDeletion(ranges: readonly ClockRange[]): Uint8Array {
  const byReplica = new Map<number, ClockRange[]>();
  for (const range of ranges) byReplica.set(range.replica, [...(byReplica.get(range.replica) ?? []), range]);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0); // no structs
  encoding.writeVarUint(encoder, byReplica.size);
  for (const [replica, own] of [...byReplica].sort((one, other) => other[0] - one[0])) {
    encoding.writeVarUint(encoder, replica);
    encoding.writeVarUint(encoder, own.length);
    for (const range of own.sort((one, other) => one.clock - other.clock)) {
      encoding.writeVarUint(encoder, range.clock);
      encoding.writeVarUint(encoder, range.count);
    }
  }
  return encoding.toUint8Array(encoder);
}

/** Reads an update. Throws what Yjs throws for malformed bytes; callers cap the size first (yjs-facts.md). */
export function decodeUpdate(bytes: Uint8Array): UpdateContent {
  const { structs, ds } = Y.decodeUpdate(bytes);
  const elements: LogElement[] = [];
  const gone: ClockRange[] = [];
  for (const struct of structs) {
    const { client: replica, clock } = struct.id;
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentAny) {
      struct.content.arr.forEach((value: unknown, i: number) => elements.push({ replica, clock: clock + i, value }));
    } else if (!(struct instanceof Y.Skip)) {
      gone.push({ replica, clock, count: struct.length });
    }
  }
  const deletions: ClockRange[] = [];
  for (const [replica, items] of ds.clients) {
    for (const item of items) deletions.push({ replica, clock: item.clock, count: item.len });
  }
  return { elements, gone, deletions };
}
