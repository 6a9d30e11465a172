import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBundle, encodeBundle } from './segment-bundle.ts';

const bundles = fc
  .record({
    throughSeq: fc.nat(1_000_000_000),
    update: fc.uint8Array({ maxLength: 50 }),
    seqs: fc.array(
      fc.record({
        gap: fc.integer({ min: 1, max: 1_000_000 }),
        replica: fc.integer({ min: 1, max: 0xffff_ffff }),
        count: fc.integer({ min: 1, max: 1_000 }),
      }),
      {
        maxLength: 20,
      },
    ),
  })
  .map(({ throughSeq, update, seqs }) => {
    let seq = 0;
    return { throughSeq, update, seqs: seqs.map(({ gap, replica, count }) => ({ seq: (seq += gap), replica, count })) };
  });

test('a bundle comes out as it went in', () => {
  fc.assert(
    fc.property(bundles, (bundle) => {
      expect(decodeBundle(encodeBundle(bundle))).toEqual(bundle);
    }),
  );
});

test('a bundle of another version, one cut short and one that goes on are refused', () => {
  const bytes = encodeBundle({
    throughSeq: 3,
    update: new Uint8Array([1, 2, 3]),
    seqs: [{ seq: 3, replica: 7, count: 1 }],
  });
  expect(() => decodeBundle(new Uint8Array([9, ...bytes.subarray(1)]))).toThrow(/version 9/);
  expect(() => decodeBundle(new Uint8Array([...bytes, 0]))).toThrow(/goes on/);
  for (let length = 0; length < bytes.length; length++) expect(() => decodeBundle(bytes.subarray(0, length))).toThrow();
});

test('a bundle that names a replica it does not list is refused', () => {
  const bytes = encodeBundle({ throughSeq: 1, update: new Uint8Array(), seqs: [{ seq: 1, replica: 7, count: 1 }] });
  bytes[bytes.length - 2] = 5;
  expect(() => decodeBundle(bytes)).toThrow(/does not list/);
});
