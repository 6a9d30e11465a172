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

/** The item after which another stands; null: it names the root instead. */
export type Origin = { readonly replica: number; readonly clock: number } | null;

/** One element of the log and where it stands; `value` is not parsed yet. */
export interface LogElement {
  readonly replica: number;
  readonly clock: number;
  readonly value: unknown;
  /** Only where it is not the replica's item before it: stock clients append to whatever stands last (D2). */
  readonly origin?: Origin;
}

/** A run of clocks whose content was deleted. `origin` is that of its first item; see `LogElement`. */
export interface GoneRange extends ClockRange {
  readonly origin?: Origin;
}

/** What an update holds: elements in order of replica and clock, ranges whose content is gone, and deletions it asks for. */
export interface UpdateContent {
  readonly elements: LogElement[];
  /** Clocks that exist but whose content was deleted. */
  readonly gone: GoneRange[];
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
  new Y.Item(Y.createID(replica, clock), null, origin, null, null, parent, null, new Y.ContentAny([...events])).write(
    encoder,
    0,
  );
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
  const gone: GoneRange[] = [];
  for (const struct of structs) {
    const { client: replica, clock } = struct.id;
    const origin = struct instanceof Y.Item ? unusualOrigin(struct) : {};
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentAny) {
      struct.content.arr.forEach((value: unknown, i: number) =>
        elements.push({ replica, clock: clock + i, value, ...(i === 0 ? origin : {}) }),
      );
    } else if (!(struct instanceof Y.Skip)) {
      gone.push({ replica, clock, count: struct.length, ...origin });
    }
  }
  const deletions: ClockRange[] = [];
  for (const [replica, items] of ds.clients) {
    for (const item of items) deletions.push({ replica, clock: item.clock, count: item.len });
  }
  return { elements, gone, deletions };
}

/** The origin of an item where it is not the item before it in its own chain. */
function unusualOrigin({ id, origin }: Y.Item): { origin?: Origin } {
  if (origin === null) return id.clock === 0 ? {} : { origin: null };
  if (origin.client === id.client && origin.clock === id.clock - 1) return {};
  return { origin: { replica: origin.client, clock: origin.clock } };
}

/** A place of the log as it is stored: with content, or without when that was deleted. */
export type StoredPlace = LogElement | (Omit<LogElement, 'value'> & { readonly gone: true });

/**
 * Writes any places of the log as one update: what lies between them is left out (Yjs: Skip), so that updates of separate parts
 * can be kept apart and merge to the whole. `places` are in order of replica and clock, each once.
 */
export function encodePlaces(places: readonly StoredPlace[]): Uint8Array {
  const byReplica = new Map<number, StoredPlace[]>();
  for (const place of places) {
    const chain = byReplica.get(place.replica);
    if (chain) chain.push(place);
    else byReplica.set(place.replica, [place]);
  }
  const encoder = new Y.UpdateEncoderV1();
  encoding.writeVarUint(encoder.restEncoder, byReplica.size);
  for (const [replica, chain] of [...byReplica].sort((one, other) => other[0] - one[0])) {
    const structs = structsOf(chain);
    for (const n of [structs.length, replica, chain[0]?.clock ?? 0]) encoding.writeVarUint(encoder.restEncoder, n);
    for (const struct of structs) struct.write(encoder, 0);
  }
  encoding.writeVarUint(encoder.restEncoder, 0); // no deletions: what is gone is written as such
  return encoder.toUint8Array();
}

/** One chain as structs: runs of consecutive clocks of one sort, and skips where clocks are missing. */
function structsOf(chain: readonly StoredPlace[]): (Y.Item | Y.Skip)[] {
  const structs: (Y.Item | Y.Skip)[] = [];
  let run: StoredPlace[] = [];
  const close = (): void => {
    if (run.length > 0) structs.push(itemOf(run));
    run = [];
  };
  for (const place of chain) {
    const before = run.at(-1);
    if (before) {
      const gap = place.clock - before.clock - 1;
      if (gap > 0 || 'gone' in place !== 'gone' in before || place.origin !== undefined) close();
      if (gap > 0) structs.push(new Y.Skip(Y.createID(place.replica, before.clock + 1), gap));
    }
    run.push(place);
  }
  close();
  return structs;
}

function itemOf(run: readonly StoredPlace[]): Y.Item {
  const [first] = run as readonly [StoredPlace];
  const { replica, clock } = first;
  const own: Origin = clock > 0 ? { replica, clock: clock - 1 } : null;
  const origin = first.origin === undefined ? own : first.origin;
  const content =
    'gone' in first
      ? new Y.ContentDeleted(run.length)
      : new Y.ContentAny(run.map((place) => ('gone' in place ? null : place.value)));
  // As in `encodeAppend`: only written, never integrated.
  const parent = LOG as unknown as Y.AbstractType<unknown>;
  return new Y.Item(
    Y.createID(replica, clock),
    null,
    origin && Y.createID(origin.replica, origin.clock),
    null,
    null,
    parent,
    null,
    content,
  );
}
