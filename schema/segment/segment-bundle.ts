/**
 * One segment as it travels and rests as a whole: a merged Yjs update, and which seq each event was committed with. The seqs are
 * kept in commit order as (seq - the one before, replica, number of events), from which the clocks follow, because a replica's
 * clocks are committed without a gap: three bytes a commit before compression.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** The version of this form, its first byte. History: 1 = the first. */
export const BUNDLE_VERSION = 1;

/** `count` events of a replica were committed as `seq`. */
export interface SeqRun {
  readonly seq: number;
  readonly replica: number;
  readonly count: number;
}

/** A segment merged up to `throughSeq` of its conversation. */
export interface SegmentBundle {
  readonly throughSeq: number;
  /** The merged Yjs update; empty when the segment is. */
  readonly update: Uint8Array;
  /** In rising order of seq. */
  readonly seqs: readonly SeqRun[];
}

/** Writes a bundle; the caller compresses it. */
export function encodeBundle(bundle: SegmentBundle): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, BUNDLE_VERSION);
  encoding.writeVarUint(encoder, bundle.throughSeq);
  encoding.writeVarUint8Array(encoder, bundle.update);
  const replicas = [...new Set(bundle.seqs.map((run) => run.replica))];
  encoding.writeVarUint(encoder, replicas.length);
  for (const replica of replicas) encoding.writeVarUint(encoder, replica);
  const place = new Map(replicas.map((replica, i) => [replica, i]));
  encoding.writeVarUint(encoder, bundle.seqs.length);
  let before = 0;
  for (const run of bundle.seqs) {
    encoding.writeVarUint(encoder, run.seq - before);
    encoding.writeVarUint(encoder, place.get(run.replica) ?? 0);
    encoding.writeVarUint(encoder, run.count);
    before = run.seq;
  }
  return encoding.toUint8Array(encoder);
}

/** Reads a bundle. Throws an Error that says what is wrong. */
export function decodeBundle(bytes: Uint8Array): SegmentBundle {
  const decoder = decoding.createDecoder(bytes);
  const version = decoding.readUint8(decoder);
  if (version !== BUNDLE_VERSION)
    throw new Error(`segment bundle of version ${version}; this program reads ${BUNDLE_VERSION}`);
  const throughSeq = decoding.readVarUint(decoder);
  const update = decoding.readVarUint8Array(decoder);
  const replicas: number[] = [];
  for (let n = decoding.readVarUint(decoder); n > 0; n--) replicas.push(decoding.readVarUint(decoder));
  const seqs: SeqRun[] = [];
  let seq = 0;
  for (let n = decoding.readVarUint(decoder); n > 0; n--) {
    seq += decoding.readVarUint(decoder);
    const replica = replicas[decoding.readVarUint(decoder)];
    if (replica === undefined) throw new Error('segment bundle names a replica it does not list');
    seqs.push({ seq, replica, count: decoding.readVarUint(decoder) });
  }
  if (decoding.hasContent(decoder)) throw new Error('segment bundle goes on after its end');
  return { throughSeq, update, seqs };
}
