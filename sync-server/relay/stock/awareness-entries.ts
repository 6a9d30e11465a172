import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** What somebody says of one clientID. */
export interface AwarenessEntry {
  readonly client: number;
  /** Higher than that of what was said before. */
  readonly clock: number;
  /** JSON, as it came; `null`: the client is gone. */
  readonly state: string;
}

/** The state of a client that is gone. */
export const GONE = 'null';

/**
 * Reads the entries of an awareness message. Their states are checked to be JSON: other providers would throw on anything else.
 * @throws whatever the bytes are wrong with
 */
export function readAwarenessEntries(bytes: Uint8Array): AwarenessEntry[] {
  const decoder = decoding.createDecoder(bytes);
  const entries: AwarenessEntry[] = [];
  for (let n = decoding.readVarUint(decoder); n > 0; n--) {
    const client = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const state = decoding.readVarString(decoder);
    JSON.parse(state);
    entries.push({ client, clock, state });
  }
  if (decoding.hasContent(decoder)) throw new Error('goes on after its end');
  return entries;
}

export function writeAwarenessEntries(entries: readonly AwarenessEntry[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length);
  for (const { client, clock, state } of entries) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, state);
  }
  return encoding.toUint8Array(encoder);
}
