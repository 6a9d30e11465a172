/** The messages of the stock y-websocket provider (Y1), as bytes: y-protocols' sync and awareness, without a Y.Doc. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** y-websocket's numbers for its messages. */
const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
/** y-protocols' numbers for those of sync. */
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** A message of a provider. */
export type StockMessage =
  /** What do you have beyond this? */
  | { readonly type: 'step-1'; readonly stateVector: ReadonlyMap<number, number> }
  /** What I have beyond what you said you have. */
  | { readonly type: 'step-2'; readonly update: Uint8Array }
  /** What I just wrote. */
  | { readonly type: 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'query-awareness' }
  /** A number nobody has given a meaning, or the auth message that only servers send. */
  | { readonly type: 'unknown' };

/** Clients named in one state vector: more than a segment of honest size has replicas. */
const mostClients = 50_000;

/** Reads a message. Throws for malformed bytes. */
export function readMessage(bytes: Uint8Array): StockMessage {
  const decoder = decoding.createDecoder(bytes);
  switch (decoding.readVarUint(decoder)) {
    case SYNC:
      switch (decoding.readVarUint(decoder)) {
        case STEP_1:
          return { type: 'step-1', stateVector: readStateVector(decoding.readVarUint8Array(decoder)) };
        case STEP_2:
          return { type: 'step-2', update: decoding.readVarUint8Array(decoder) };
        case UPDATE:
          return { type: 'update', update: decoding.readVarUint8Array(decoder) };
      }
      throw new Error('no message of the sync protocol');
    case AWARENESS:
      return { type: 'awareness', update: decoding.readVarUint8Array(decoder) };
    case QUERY_AWARENESS:
      return { type: 'query-awareness' };
    default:
      return { type: 'unknown' };
  }
}

function readStateVector(bytes: Uint8Array): Map<number, number> {
  const decoder = decoding.createDecoder(bytes);
  const count = decoding.readVarUint(decoder);
  if (count > mostClients) throw new Error('a state vector of too many clients');
  const clocks = new Map<number, number>();
  for (let i = 0; i < count; i++) clocks.set(decoding.readVarUint(decoder), decoding.readVarUint(decoder));
  return clocks;
}

/** Asks a provider for what it wrote offline (Y2). `clocks`: the next clock of each replica. */
export function writeStep1(clocks: ReadonlyMap<number, number>): Uint8Array {
  return message(SYNC, STEP_1, encodeStateVector(clocks));
}

/** Yjs's own form: by falling clientID. */
export function encodeStateVector(clocks: ReadonlyMap<number, number>): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clocks.size);
  for (const [replica, clock] of [...clocks].sort(([one], [other]) => other - one)) {
    encoding.writeVarUint(encoder, replica);
    encoding.writeVarUint(encoder, clock);
  }
  return encoding.toUint8Array(encoder);
}

/** The last part of the answer to a step 1: the provider says `synced` when it comes. */
export function writeStep2(update: Uint8Array): Uint8Array {
  return message(SYNC, STEP_2, update);
}

export function writeUpdate(update: Uint8Array): Uint8Array {
  return message(SYNC, UPDATE, update);
}

export function writeAwareness(update: Uint8Array): Uint8Array {
  return message(AWARENESS, null, update);
}

/** Keeps a provider from taking a quiet document for a dead connection. */
export const emptyAwareness: Uint8Array = Uint8Array.of(AWARENESS, 1, 0);

function message(type: number, kind: number | null, payload: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  if (kind !== null) encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}
