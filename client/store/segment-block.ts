/**
 * A block of a segment's merged past as it rests: version, a Yjs update that holds its places (merged with the other blocks it is the
 * segment's document), and the seq of each place, as the difference to the one before in its chain. Deflated: about 45 bytes
 * for a message of 50 characters.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { decodeUpdate, encodePlaces, type StoredPlace } from '#schema/segment/update-codec.ts';
import { deflate, inflate } from './deflate.ts';

/** The version of this form, its first byte. History: 1 = the first. */
const BLOCK_VERSION = 1;

/** A committed place of the log. */
export type CommittedPlace = StoredPlace & { readonly seq: number };

/** Display order has nothing to do with it: the order of the update. */
export function inChainOrder(one: CommittedPlace, other: CommittedPlace): number {
  return one.replica - other.replica || one.clock - other.clock;
}

/** Packs places, which are in chain order, each once. */
export async function packBlock(places: readonly CommittedPlace[]): Promise<Uint8Array> {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, BLOCK_VERSION);
  encoding.writeVarUint8Array(encoder, encodePlaces(places));
  let replica = -1;
  let seq = 0;
  for (const place of places) {
    if (place.replica !== replica) seq = 0;
    encoding.writeVarInt(encoder, place.seq - seq);
    ({ replica, seq } = place);
  }
  return deflate(encoding.toUint8Array(encoder));
}

/** Unpacks a block, in chain order. Throws an Error for what is none. */
export async function unpackBlock(packed: Uint8Array): Promise<CommittedPlace[]> {
  const decoder = decoding.createDecoder(await inflate(packed));
  const version = decoding.readUint8(decoder);
  if (version !== BLOCK_VERSION) throw new Error(`block of version ${version}; this program reads ${BLOCK_VERSION}`);
  const places = placesOf(decoding.readVarUint8Array(decoder));
  let replica = -1;
  let seq = 0;
  const committed = places.map((place): CommittedPlace => {
    if (place.replica !== replica) seq = 0;
    seq += decoding.readVarInt(decoder);
    replica = place.replica;
    return { ...place, seq };
  });
  if (decoding.hasContent(decoder)) throw new Error('block goes on after its end');
  return committed;
}

/** The places of an update, in chain order. */
export function placesOf(update: Uint8Array): StoredPlace[] {
  const { elements, gone } = decodeUpdate(update);
  const places: StoredPlace[] = [...elements];
  for (const { replica, clock, count, origin } of gone) {
    for (let i = 0; i < count; i++) {
      places.push({ replica, clock: clock + i, gone: true, ...(i === 0 && origin !== undefined ? { origin } : {}) });
    }
  }
  return places.sort((one, other) => one.replica - other.replica || one.clock - other.clock);
}
