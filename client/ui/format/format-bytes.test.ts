import { expect, test } from 'vitest';
import { formatBytes } from './format-bytes.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [812, '812 bytes'],
  [4_200, '4.2 KB'],
  [9_960, '10 KB'],
  [999_400, '999 KB'],
  [999_600, '1.0 MB'],
  [37_000_000, '37 MB'],
  [2_500_000_000_000_000, '2500 TB'],
])('%i bytes read “%s”', (bytes, says) => {
  expect(formatBytes(bytes)).toBe(says);
});
