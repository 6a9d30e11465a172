import { expect, test } from 'vitest';
import { safeStorage } from './safe-storage.ts';

test('a browser that refuses localStorage leaves a memory for as long as the page', () => {
  const storage = safeStorage(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  storage.setItem('key', 'value');
  expect(storage.getItem('key')).toBe('value');
  storage.removeItem('key');
  expect(storage.getItem('key')).toBeNull();
});
