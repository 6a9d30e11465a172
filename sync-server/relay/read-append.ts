/** The shape of an update: one replica appends plain values to the log, written as Yjs itself would write it. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { Refusal } from '#schema/errors.ts';
import { LIMITS } from '#schema/limits.ts';
import { LOG } from '#schema/segment/update-codec.ts';
import { requirePlain } from './plain-value.ts';

/** What an update appends. */
export interface Append {
  readonly replica: number;
  readonly clock: number;
  /** Plain values, not parsed yet. */
  readonly events: readonly unknown[];
  /** Origins that are not the replica's item before: each must be stored. */
  readonly foreign: readonly { readonly replica: number; readonly clock: number }[];
}

/**
 * Reads an update of at most `LIMITS.updateBytes`.
 * @throws Refusal `update-too-large`, `malformed-update`, `forbidden-content`, `not-canonical`, `replica-not-yours`
 */
export function readAppend(bytes: Uint8Array, foreignOrigins: number): Append {
  const { replica, clock } = readHead(bytes);
  const { structs, ds } = decode(bytes);
  if (ds.clients.size > 0) throw new Refusal('forbidden-content', 'Only the server deletes.');
  const events: unknown[] = [];
  const foreign: { replica: number; clock: number }[] = [];
  const items: Y.Item[] = [];
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) throw new Refusal('forbidden-content', 'An update may only append.');
    const { content } = struct;
    if (!(content instanceof Y.ContentAny))
      throw new Refusal('forbidden-content', 'Only plain values may be appended.');
    if (content.arr.length === 0) throw new Refusal('malformed-update');
    const origin = originOf(struct, clock + events.length);
    if (origin !== null && foreign.push(origin) > foreignOrigins)
      throw new Refusal('forbidden-content', 'An item stands after an item of another replica.');
    for (const value of content.arr as unknown[]) events.push(value);
    if (events.length > LIMITS.updateEvents) throw new Refusal('update-too-large');
    items.push(struct);
  }
  if (clock + events.length > 0x7fff_ffff) throw new Refusal('malformed-update');
  for (const event of events) requirePlain(event);
  if (Buffer.compare(bytes, encode(replica, clock, items)) !== 0) throw new Refusal('not-canonical');
  return { replica, clock, events, foreign };
}

/** Numbers before anything else: how much there is to decode is known before it is decoded. */
function readHead(bytes: Uint8Array): { replica: number; clock: number } {
  let sections, structs, replica, clock;
  try {
    const decoder = decoding.createDecoder(bytes);
    sections = decoding.readVarUint(decoder);
    // Nothing, or a delete set alone: which of both the decoding tells.
    if (sections === 0) return { replica: 0, clock: 0 };
    structs = decoding.readVarUint(decoder);
    replica = decoding.readVarUint(decoder);
    clock = decoding.readVarUint(decoder);
  } catch {
    throw new Refusal('malformed-update');
  }
  if (sections !== 1) throw new Refusal('not-canonical', 'An update is of one replica.');
  if (structs > LIMITS.updateStructs) throw new Refusal('update-too-large');
  if (structs === 0 || clock > 0x7fff_ffff) throw new Refusal('malformed-update');
  if (replica < 1 || replica > 0xffff_ffff) throw new Refusal('replica-not-yours');
  return { replica, clock };
}

function decode(bytes: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
  try {
    const update = Y.decodeUpdate(bytes);
    if (update.structs.length > 0 || update.ds.clients.size > 0) return update;
  } catch (error) {
    // Values nested so deep that reading them overflowed the stack; JavaScript unwinds it and goes on.
    if (error instanceof RangeError && /call stack/.test(error.message))
      throw new Refusal('forbidden-content', 'Values are nested too deep.');
  }
  throw new Refusal('malformed-update');
}

/**
 * The origin of an item if it is not the replica's item before, else null.
 * @throws Refusal if the item stands anywhere but at the end of something in the log
 */
function originOf(item: Y.Item, clock: number): { replica: number; clock: number } | null {
  if (item.rightOrigin !== null) throw new Refusal('forbidden-content', 'An update may only append.');
  if (item.parentSub !== null) throw new Refusal('forbidden-content', 'The log has no keys.');
  const { origin } = item;
  if (origin === null) {
    // The lazy decoder leaves the name of a root type, or the id of a nested one, where a Y.Doc puts the type itself.
    if ((item.parent as unknown) !== LOG) throw new Refusal('forbidden-content', `Only the log may be written.`);
    if (clock > 0) throw new Refusal('forbidden-content', 'Only the first item of a replica begins the log.');
    return null;
  }
  const { client: replica } = origin;
  if (replica === item.id.client) {
    if (origin.clock >= clock) throw new Refusal('malformed-update');
    if (origin.clock === clock - 1) return null;
  }
  if (replica < 1 || replica > 0xffff_ffff || origin.clock > 0x7fff_ffff) throw new Refusal('malformed-update');
  return { replica, clock: origin.clock };
}

/** Writes items as Yjs does: the one form in which they are accepted. */
export function encode(replica: number, clock: number, items: readonly Y.Item[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  for (const n of [1, items.length, replica, clock]) encoding.writeVarUint(encoder.restEncoder, n);
  for (const item of items) item.write(encoder, 0);
  encoding.writeVarUint(encoder.restEncoder, 0); // no deletions
  return encoder.toUint8Array();
}
