import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ToastProvider } from './toast-context.tsx';
import { ToastRegion } from './toast-region.tsx';
import { createToastStore, type NewToast } from './toast-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function show(toast: NewToast) {
  const store = createToastStore();
  render(
    <ToastProvider store={store}>
      <ToastRegion />
    </ToastProvider>,
  );
  act(() => void store.show(toast));
}

/** Lets so many milliseconds go by. */
function pass(time: number): void {
  act(() => {
    vi.advanceTimersByTime(time);
  });
}

test('information is a status and goes by itself', () => {
  show({ text: 'Conversation archived' });
  expect(screen.getByRole('status').textContent).toBe('Conversation archived');
  pass(5_000);
  expect(screen.queryByRole('status')).toBeNull();
});

test('an error is an alert and stays until it is dismissed', () => {
  show({ kind: 'error', text: 'Not delivered: you were removed from this group.' });
  pass(3_600_000);
  expect(screen.getByRole('alert').textContent).toBe('Not delivered: you were removed from this group.');
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('"Undo" does what it says, once, and takes the toast away', () => {
  const undo = vi.fn();
  show({ text: 'Conversation archived', action: { label: 'Undo', onSelect: undo } });
  pass(7_000);
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(undo).toHaveBeenCalledOnce();
  expect(screen.queryByRole('status')).toBeNull();
});

test('time stands still while the pointer rests on a toast', () => {
  show({ text: 'Copied' });
  const toast = screen.getByRole('status').parentElement;
  if (!toast) throw new Error('the toast has no box');
  fireEvent.pointerEnter(toast);
  pass(60_000);
  expect(screen.getByRole('status')).toBeTruthy();
  fireEvent.pointerLeave(toast);
  pass(5_000);
  expect(screen.queryByRole('status')).toBeNull();
});
