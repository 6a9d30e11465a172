import { expect, test } from 'vitest';
import { describeError } from './logger.ts';

test('an error is logged with its cause and code, without what hangs on it', () => {
  const cause = Object.assign(new Error('cut off'), { code: '57P01', client: { password: 'secret' } });
  const described = describeError(new Error('the batch failed', { cause }));
  expect(described).toMatchObject({
    name: 'Error',
    message: 'the batch failed',
    cause: { message: 'cut off', code: '57P01' },
  });
  expect(JSON.stringify(described)).not.toContain('secret');
});
