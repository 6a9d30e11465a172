import * as decoding from 'lib0/decoding';
import { Refusal } from '#schema/errors.ts';

/**
 * Passes over one value as lib0 writes it (`encoding.writeAny`), without making anything of it.
 * @param depth how many arrays and objects may still be inside one another
 * @throws Refusal `forbidden-content` when it is nested deeper; an Error when the bytes end or are of no known type
 */
export function skipAny(decoder: decoding.Decoder, depth: number): void {
  switch (decoding.readUint8(decoder)) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return;
    case 125: // an integer
      decoding.readVarInt(decoder);
      return;
    case 124: // a number of 32 bits
      return skip(decoder, 4);
    case 123: // a number of 64 bits
    case 122: // a bigint
      return skip(decoder, 8);
    case 119: // a string
    case 116: // bytes
      return skip(decoder, decoding.readVarUint(decoder));
    case 118: // an object
      if (depth === 0) throw new Refusal('forbidden-content', 'Values are nested too deep.');
      for (let n = decoding.readVarUint(decoder); n > 0; n--) {
        skip(decoder, decoding.readVarUint(decoder));
        skipAny(decoder, depth - 1);
      }
      return;
    case 117: // an array
      if (depth === 0) throw new Refusal('forbidden-content', 'Values are nested too deep.');
      for (let n = decoding.readVarUint(decoder); n > 0; n--) skipAny(decoder, depth - 1);
      return;
    default:
      throw new Error('a value of no known type');
  }
}

function skip(decoder: decoding.Decoder, bytes: number): void {
  if (bytes > decoder.arr.length - decoder.pos) throw new Error('ends too early');
  decoder.pos += bytes;
}
