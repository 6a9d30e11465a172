import { expect, test, vi } from 'vitest';
import { createToastStore } from './toast-store.ts';

test('a toast shows until it is dismissed, and listeners hear both', () => {
  const store = createToastStore();
  const heard = vi.fn();
  const stop = store.subscribe(heard);
  const id = store.show({ text: 'Archived' });
  expect(store.snapshot()).toMatchObject([{ id, kind: 'information', text: 'Archived' }]);
  store.dismiss(id);
  store.dismiss(id);
  expect(store.snapshot()).toEqual([]);
  expect(heard).toHaveBeenCalledTimes(2);
  stop();
  store.show({ text: 'Unheard' });
  expect(heard).toHaveBeenCalledTimes(2);
});

test('the same words again take the place of the earlier ones', () => {
  const store = createToastStore();
  store.show({ text: 'Copied' });
  const again = store.show({ text: 'Copied' });
  expect(store.snapshot().map(({ id }) => id)).toEqual([again]);
});

test('never more than four stand at once', () => {
  const store = createToastStore();
  for (let number = 1; number <= 6; number++) store.show({ text: `Notice ${number}` });
  expect(store.snapshot().map(({ text }) => text)).toEqual(['Notice 3', 'Notice 4', 'Notice 5', 'Notice 6']);
});
