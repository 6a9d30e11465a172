/** What of a split update is new, as updates of one replica each, in an order in which each finds stored what it stands on. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Refusal } from '#schema/errors.ts';
import { LIMITS } from '#schema/limits.ts';
import { LOG, type Origin } from '#schema/segment/update-codec.ts';
import type { Section, Span, SplitUpdate } from './read-sections.ts';
import { skipAny } from './skip-any.ts';

/** The first byte of an item of plain values that names the root, and of one that follows another (`Item.write`). */
const ANY = 8;
const ANY_AFTER = 0x80 | ANY;
/** ClientIDs with something new in one frame: each reload of a page that is offline makes one. */
const mostReplicas = 256;
/** What a struct needs besides its values, and an update besides its structs, at the most: some numbers each. */
const headBytes = 24;

/** A section that is being cut, and the clock reached. */
interface Cursor {
  readonly section: Section;
  clock: number;
}

/**
 * The updates to store, one after the other. What is stored already is left out; it is not compared.
 * @param stored the next clock of a replica, 0 when it has none
 * @throws Refusal `update-too-large`, `gap`, `forbidden-content` for content that was deleted before it was sent, `unknown-target` for an origin that is
 *   nowhere; updates given before are good all the same
 */
export function* appendsOf(update: SplitUpdate, stored: (replica: number) => number): Generator<Uint8Array, void> {
  const given = new Map<number, number>();
  const next = (replica: number): number => given.get(replica) ?? stored(replica);
  let open: Cursor[] = [];
  for (const section of update.sections) {
    const clock = stored(section.replica);
    if (section.end <= clock) continue;
    if (section.clock > clock) throw new Refusal('gap', undefined, clock);
    open.push({ section, clock });
  }
  if (open.length > mostReplicas) throw new Refusal('update-too-large');
  while (open.length > 0) {
    let progress = false;
    for (const cursor of open) {
      for (let append = cutAppend(update.bytes, cursor, next); append; append = cutAppend(update.bytes, cursor, next)) {
        given.set(cursor.section.replica, cursor.clock);
        progress = true;
        yield append;
      }
    }
    open = open.filter(({ section, clock }) => clock < section.end);
    // Each waits for another, or for what nobody has.
    if (!progress && open.length > 0) throw new Refusal('unknown-target');
  }
}

/** As much of a section as one update may hold and as finds its origins stored; null when that is nothing. Moves the cursor. */
function cutAppend(bytes: Uint8Array, cursor: Cursor, next: (replica: number) => number): Uint8Array | null {
  const { replica, spans } = cursor.section;
  const first = cursor.clock;
  const structs = encoding.createEncoder();
  let count = 0;
  let foreign = 0;
  for (const span of spans) {
    const end = span.clock + span.count;
    if (end <= cursor.clock) continue;
    const origin: Origin = span.clock === cursor.clock ? span.origin : { replica, clock: cursor.clock - 1 };
    if (origin !== null) {
      const own = origin.replica === replica;
      if (origin.clock >= (own ? cursor.clock : next(origin.replica))) break;
      if (!own || origin.clock !== cursor.clock - 1) foreign++;
    }
    if (count === LIMITS.updateStructs || foreign > LIMITS.foreignOrigins) break;
    const room = {
      events: LIMITS.updateEvents - (cursor.clock - first),
      bytes: LIMITS.updateBytes - headBytes * 2 - encoding.length(structs),
    };
    const run = valuesOf(bytes, span, cursor.clock - span.clock, room, cursor.clock === first);
    if (run.count === 0) break;
    writeHead(structs, origin, run.count);
    encoding.writeUint8Array(structs, bytes.subarray(run.from, run.to));
    count++;
    cursor.clock += run.count;
    if (cursor.clock < end) break;
  }
  return cursor.clock === first ? null : asUpdate(replica, first, count, structs);
}

/** A run of values of a span and where it lies in the bytes. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * @param skip values of the span to leave out
 * @param atLeastOne takes one value whatever its size: admission says what is wrong with it
 */
function valuesOf(
  bytes: Uint8Array,
  span: Span,
  skip: number,
  room: { readonly events: number; readonly bytes: number },
  atLeastOne: boolean,
): Run {
  if (span.values === null)
    throw new Refusal('forbidden-content', 'An event was deleted before it was sent; only the server deletes.');
  const decoder = decoding.createDecoder(bytes);
  decoder.pos = span.values;
  for (let n = skip; n > 0; n--) skipAny(decoder, LIMITS.eventDepth);
  const from = decoder.pos;
  let to = from;
  let count = 0;
  while (skip + count < span.count && count < room.events) {
    skipAny(decoder, LIMITS.eventDepth);
    if (decoder.pos - from > room.bytes && !(atLeastOne && count === 0)) break;
    to = decoder.pos;
    count++;
  }
  return { from, to, count };
}

function writeHead(structs: encoding.Encoder, origin: Origin, count: number): void {
  encoding.writeUint8(structs, origin ? ANY_AFTER : ANY);
  if (origin) {
    encoding.writeVarUint(structs, origin.replica);
    encoding.writeVarUint(structs, origin.clock);
  } else {
    encoding.writeVarUint(structs, 1);
    encoding.writeVarString(structs, LOG);
  }
  encoding.writeVarUint(structs, count);
}

function asUpdate(replica: number, clock: number, count: number, structs: encoding.Encoder): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const n of [1, count, replica, clock]) encoding.writeVarUint(encoder, n);
  encoding.writeUint8Array(encoder, encoding.toUint8Array(structs));
  encoding.writeVarUint(encoder, 0); // no deletions
  return encoding.toUint8Array(encoder);
}
