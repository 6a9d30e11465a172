/** The unread messages of a segment as they rest: one after the other, so that one more is a concatenation. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

export interface UnreadPlace {
  readonly replica: number;
  readonly clock: number;
  readonly seq: number;
  readonly at: number;
}

export function packPlaces(places: readonly UnreadPlace[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const place of places) {
    for (const n of [place.seq, place.replica, place.clock, place.at]) encoding.writeVarUint(encoder, n);
  }
  return encoding.toUint8Array(encoder);
}

/** Throws an Error when the bytes end in the middle of a place. */
export function unpackPlaces(bytes: Uint8Array): UnreadPlace[] {
  const decoder = decoding.createDecoder(bytes);
  const places: UnreadPlace[] = [];
  while (decoding.hasContent(decoder)) {
    const seq = decoding.readVarUint(decoder);
    const replica = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    places.push({ seq, replica, clock, at: decoding.readVarUint(decoder) });
  }
  return places;
}
