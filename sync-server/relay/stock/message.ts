/**
 * The messages of y-protocols, as the stock y-websocket provider sends and takes them. Each is one binary frame: a number that says what it
 * is, then its parts. https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

const SYNC = 0;
const AWARENESS = 1;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** What came from a provider. The bytes are views of the frame. */
export type StockMessage =
  /** "This is what I have; give me the rest." */
  | { readonly type: 'step-1'; readonly stateVector: Uint8Array }
  /** The answer to ours, or something written just now. */
  | { readonly type: 'step-2' | 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly entries: Uint8Array }
  /** Of a type that is not for a server, or that this version does not know. */
  | { readonly type: 'other' };

/** A frame that is no message at all. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** @throws MalformedMessage */
export function readMessage(frame: Uint8Array): StockMessage {
  try {
    const decoder = decoding.createDecoder(frame);
    const message = readParts(decoder);
    if (message.type !== 'other' && decoding.hasContent(decoder)) throw new MalformedMessage('goes on after its end');
    return message;
  } catch (error) {
    if (error instanceof MalformedMessage) throw error;
    throw new MalformedMessage('ends too early', { cause: error });
  }
}

function readParts(decoder: decoding.Decoder): StockMessage {
  const type = decoding.readVarUint(decoder);
  if (type === AWARENESS) return { type: 'awareness', entries: decoding.readVarUint8Array(decoder) };
  if (type !== SYNC) return { type: 'other' };
  switch (decoding.readVarUint(decoder)) {
    case STEP_1:
      return { type: 'step-1', stateVector: readStateVector(decoder) };
    case STEP_2:
      return { type: 'step-2', update: decoding.readVarUint8Array(decoder) };
    case UPDATE:
      return { type: 'update', update: decoding.readVarUint8Array(decoder) };
    default:
      return { type: 'other' };
  }
}

/** Only checked, not taken apart: it is the snapshot worker that reads it. */
function readStateVector(decoder: decoding.Decoder): Uint8Array {
  const stateVector = decoding.readVarUint8Array(decoder);
  const parts = decoding.createDecoder(stateVector);
  for (let n = decoding.readVarUint(parts) * 2; n > 0; n--) decoding.readVarUint(parts);
  if (decoding.hasContent(parts)) throw new MalformedMessage('a state vector that goes on after its end');
  return stateVector;
}

/** The relay's sync step 1: the next clock of each replica. */
export function writeStep1(clocks: ReadonlyMap<number, number>): Uint8Array {
  return syncMessage(STEP_1, writeStateVector(clocks));
}

/** A state vector as Yjs writes it. */
export function writeStateVector(clocks: ReadonlyMap<number, number>): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clocks.size);
  for (const [replica, clock] of [...clocks].sort((one, other) => other[0] - one[0])) {
    encoding.writeVarUint(encoder, replica);
    encoding.writeVarUint(encoder, clock);
  }
  return encoding.toUint8Array(encoder);
}

/** The answer to a sync step 1. */
export function writeStep2(update: Uint8Array): Uint8Array {
  return syncMessage(STEP_2, update);
}

/** Something committed just now. */
export function writeUpdate(update: Uint8Array): Uint8Array {
  return syncMessage(UPDATE, update);
}

/** @param entries as `writeAwarenessEntries` writes them */
export function writeAwareness(entries: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, AWARENESS);
  encoding.writeVarUint8Array(encoder, entries);
  return encoding.toUint8Array(encoder);
}

/** Says nothing about nobody: a provider that hears nothing for 30 s takes its socket for dead (Y2). */
export const emptyAwareness: Uint8Array = Uint8Array.of(AWARENESS, 1, 0);

function syncMessage(step: number, bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}
