import { expect, test } from 'vitest';
import { createTokenBuckets } from './token-buckets.ts';

test('what is in the bucket is given at once, a debt is waited for, and others do not notice', () => {
  let now = 0;
  const buckets = createTokenBuckets({ perSecond: 10, burst: 20 }, () => now);
  expect(buckets.take('a', 15)).toBe(0);
  expect(buckets.take('a', 15)).toBe(0);
  expect(buckets.take('a', 1)).toBe(1001);
  expect(buckets.take('b', 1)).toBe(0);
  now += 1001;
  expect(buckets.take('a', 1)).toBe(0);
});

test('a bucket never holds more than its size', () => {
  let now = 0;
  const buckets = createTokenBuckets({ perSecond: 10, burst: 20 }, () => now);
  buckets.take('a', 20);
  now += 1_000_000;
  expect(buckets.take('a', 25)).toBe(0);
  expect(buckets.take('a', 1)).toBeCloseTo(501);
});
