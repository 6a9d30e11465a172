/**
 * A row of the table `rows`, packed: updates that were stored together, each as its seq (plus one; 0: not acknowledged yet), its
 * length and its bytes. One row for a whole delta, because a put costs far more than its bytes.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

export interface StoredUpdate {
  /** Null: an own update without an ack. */
  readonly seq: number | null;
  readonly bytes: Uint8Array;
}

export function packUpdates(updates: readonly StoredUpdate[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const { seq, bytes } of updates) {
    encoding.writeVarUint(encoder, seq === null ? 0 : seq + 1);
    encoding.writeVarUint8Array(encoder, bytes);
  }
  return encoding.toUint8Array(encoder);
}

/** Throws an Error for what is no packed row. */
export function unpackUpdates(value: unknown): StoredUpdate[] {
  if (!(value instanceof Uint8Array)) throw new Error('a row of updates is not bytes');
  const updates: StoredUpdate[] = [];
  const decoder = decoding.createDecoder(value);
  while (decoding.hasContent(decoder)) {
    const seq = decoding.readVarUint(decoder);
    updates.push({ seq: seq === 0 ? null : seq - 1, bytes: decoding.readVarUint8Array(decoder) });
  }
  if (updates.length === 0) throw new Error('a row of updates holds none');
  return updates;
}
