import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { afterPaint } from './after-paint.ts';

let frames: FrameRequestCallback[] = [];

beforeEach(() => {
  frames = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(window, 'requestAnimationFrame').mockImplementation((callback) => frames.push(callback));
  vi.spyOn(window, 'cancelAnimationFrame').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('calls back in a task after the frame, once', () => {
  const then = vi.fn();
  afterPaint(then);
  for (const frame of frames) frame(0);
  expect(then).not.toHaveBeenCalled();
  vi.advanceTimersByTime(0);
  expect(then).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(10_000);
  expect(then).toHaveBeenCalledOnce();
});

test('calls back soon where the page is not painted', () => {
  const then = vi.fn();
  afterPaint(then);
  vi.advanceTimersByTime(1_000);
  expect(then).toHaveBeenCalledOnce();
});
