/**
 * A segment as one Yjs update, put together from rows of the log without decoding them. Each row is the canonical update of one replica (W1), so
 * its structs are the bytes between its head and its empty delete set, and those of one replica follow each other.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { decodeUpdate, encodeDeletion, type ClockRange } from '#schema/segment/update-codec.ts';
import type { SegmentRow } from '../../store/segment-row.ts';

/** Yjs's mark for clocks that are left out. */
const SKIP = 10;

interface Section {
  structs: number;
  readonly clock: number;
  next: number;
  readonly bytes: encoding.Encoder;
}

/** @param known the next clock of each replica that the reader has; what lies below is left out, deletions never are */
export function assembleUpdate(rows: readonly SegmentRow[], known: ReadonlyMap<number, number>): Uint8Array {
  const sections = new Map<number, Section>();
  const deletions: ClockRange[] = [];
  for (const row of rows) {
    if (row.replica === null) {
      deletions.push(...decodeUpdate(row.bytes).deletions);
    } else if ((row.clockFrom ?? 0) + row.clockCount > (known.get(row.replica) ?? 0)) {
      addStructs(sections, row.replica, row);
    }
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, sections.size);
  for (const [replica, section] of [...sections].sort(([one], [other]) => other - one)) {
    encoding.writeVarUint(encoder, section.structs);
    encoding.writeVarUint(encoder, replica);
    encoding.writeVarUint(encoder, section.clock);
    encoding.writeUint8Array(encoder, encoding.toUint8Array(section.bytes));
  }
  // A deletion is an update without sections: its first byte, their number, is left off.
  encoding.writeUint8Array(encoder, encodeDeletion(deletions).subarray(1));
  return encoding.toUint8Array(encoder);
}

function addStructs(sections: Map<number, Section>, replica: number, row: SegmentRow): void {
  const decoder = decoding.createDecoder(row.bytes);
  decoding.readVarUint(decoder); // one section
  const structs = decoding.readVarUint(decoder);
  decoding.readVarUint(decoder); // the replica
  const clock = decoding.readVarUint(decoder);
  let section = sections.get(replica);
  if (!section) sections.set(replica, (section = { structs: 0, clock, next: clock, bytes: encoding.createEncoder() }));
  if (clock > section.next) {
    // A row is missing (it is in quarantine): without the mark everything after it would wait for it for ever.
    encoding.writeUint8(section.bytes, SKIP);
    encoding.writeVarUint(section.bytes, clock - section.next);
    section.structs++;
  }
  encoding.writeUint8Array(section.bytes, row.bytes.subarray(decoder.pos, row.bytes.length - 1));
  section.structs += structs;
  section.next = clock + row.clockCount;
}
