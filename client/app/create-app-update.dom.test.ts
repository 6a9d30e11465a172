import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAppUpdate } from './create-app-update.ts';

type Listener = (event: { isUpdate?: boolean; isExternal?: boolean }) => void;

/** A service worker's registration by hand. */
function fakeWorkbox() {
  const listeners = new Map<string, Listener>();
  return {
    register: vi.fn(() => Promise.resolve(undefined)),
    update: vi.fn(() => Promise.resolve()),
    messageSkipWaiting: vi.fn(),
    addEventListener: (name: string, listener: Listener) => void listeners.set(name, listener),
    tell: (name: string, event: { isUpdate?: boolean; isExternal?: boolean } = {}) => listeners.get(name)?.(event),
  };
}

let hidden = false;
beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  Object.defineProperty(document, 'visibilityState', {
    configurable: true,
    get: () => (hidden ? 'hidden' : 'visible'),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

function make() {
  const workbox = fakeWorkbox();
  const reload = vi.fn();
  const update = createAppUpdate({ workbox: workbox as never, reload, now: Date.now });
  return { workbox, reload, update };
}

describe('the update of the app', () => {
  test('waits for the person, then lets the newer version take over and loads the page', () => {
    const { workbox, reload, update } = make();
    expect(update.ready.get()).toBe(false);
    workbox.tell('waiting');
    expect(update.ready.get()).toBe(true);
    expect(workbox.messageSkipWaiting).not.toHaveBeenCalled();
    update.apply();
    expect(workbox.messageSkipWaiting).toHaveBeenCalledOnce();
    expect(reload).not.toHaveBeenCalled();
    workbox.tell('controlling', { isUpdate: true });
    expect(reload).toHaveBeenCalledOnce();
  });

  test('leaves the page alone when the very first worker takes it over', () => {
    const { workbox, reload, update } = make();
    workbox.tell('controlling', { isUpdate: false });
    expect(reload).not.toHaveBeenCalled();
    expect(update.ready.get()).toBe(false);
  });

  test('leaves the page alone when the very first worker came with another page, and not when the next one follows', () => {
    const { workbox, update } = make();
    workbox.tell('controlling', { isUpdate: false, isExternal: true });
    expect(update.ready.get()).toBe(false);
    workbox.tell('controlling', { isUpdate: false, isExternal: true });
    expect(update.ready.get()).toBe(true);
  });

  test('asks here too when another tab said yes, unless nobody looks', () => {
    const seen = make();
    seen.workbox.tell('controlling', { isUpdate: true });
    expect(seen.reload).not.toHaveBeenCalled();
    expect(seen.update.ready.get()).toBe(true);
    seen.update.apply();
    expect(seen.reload).toHaveBeenCalledOnce();
    hidden = true;
    const unseen = make();
    unseen.workbox.tell('controlling', { isUpdate: true });
    expect(unseen.reload).toHaveBeenCalledOnce();
  });

  test('looks for a newer version now and then, and when one comes back to the app', () => {
    const { workbox } = make();
    vi.advanceTimersByTime(31 * 60_000);
    expect(workbox.update).toHaveBeenCalledTimes(1);
    document.dispatchEvent(new Event('visibilitychange'));
    vi.advanceTimersByTime(2 * 60_000);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(workbox.update.mock.calls.length).toBeGreaterThanOrEqual(2);
  });
});
