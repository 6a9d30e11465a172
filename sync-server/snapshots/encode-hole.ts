import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { LOG } from '#schema/segment/update-codec.ts';

/**
 * Writes the update that fills clocks of a replica's chain whose content nobody has: items without content, as if they had been
 * deleted. Without them everything the replica wrote afterwards would wait for them for ever. (A Yjs GC struct would not do:
 * an item that follows one becomes one itself, content and all.)
 */
export function encodeHole(replica: number, clock: number, count: number): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  for (const n of [1, 1, replica, clock]) encoding.writeVarUint(encoder.restEncoder, n);
  const origin = clock > 0 ? Y.createID(replica, clock - 1) : null;
  // Only written, never integrated: Yjs takes the name of a root type as its parent then.
  const parent = LOG as unknown as Y.AbstractType<unknown>;
  new Y.Item(Y.createID(replica, clock), null, origin, null, null, parent, null, new Y.ContentDeleted(count)).write(
    encoder,
    0,
  );
  encoding.writeVarUint(encoder.restEncoder, 0); // no deletions: the items say it themselves
  return encoder.toUint8Array();
}
