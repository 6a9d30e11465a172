import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const size = { rate: 10, burst: 20 };

it('lets a burst through, then the rate', () => {
  const bucket = new TokenBucket(size, 0);
  expect(Array.from({ length: 22 }, () => bucket.take(1, 0)).filter((verdict) => verdict === 'fine')).toHaveLength(20);
  expect(bucket.take(1, 250)).toBe('over');
  expect(bucket.take(1, 1_000)).toBe('fine');
});

it('never holds more than the burst', () => {
  const bucket = new TokenBucket(size, 0);
  expect(bucket.take(20, 1_000_000)).toBe('fine');
  expect(bucket.take(1, 1_000_000)).toBe('over');
});

it('tells who does not listen', () => {
  const bucket = new TokenBucket(size, 0);
  const verdicts = Array.from({ length: 41 }, () => bucket.take(1, 0));
  expect(verdicts.slice(20, 40).every((verdict) => verdict === 'over')).toBe(true);
  expect(verdicts[40]).toBe('far');
});

it('one token larger than the burst is over, and forgiven with time', () => {
  const bucket = new TokenBucket(size, 0);
  expect(bucket.take(30, 0)).toBe('over');
  expect(bucket.take(1, 1_200)).toBe('fine');
});
