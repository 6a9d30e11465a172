/**
 * Stands in for client/store/deflate.ts in simulations: the platform's streams work on threads, whose order no seed decides.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export const deflate = (bytes: Uint8Array): Promise<Uint8Array> =>
  Promise.resolve(new Uint8Array(deflateRawSync(bytes)));
export const inflate = (bytes: Uint8Array): Promise<Uint8Array> =>
  Promise.resolve(new Uint8Array(inflateRawSync(bytes)));
