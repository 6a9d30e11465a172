import { expect, test } from 'vitest';
import { placeTooltip } from './tooltip-position.ts';

const size = { width: 100, height: 24 };
const room = { width: 400, height: 300 };

test('a tooltip stands centred on the side asked for', () => {
  expect(placeTooltip({ left: 150, top: 100, width: 40, height: 40 }, size, 'top', room)).toEqual({
    left: 120,
    top: 70,
  });
  expect(placeTooltip({ left: 150, top: 100, width: 40, height: 40 }, size, 'right', room)).toEqual({
    left: 196,
    top: 108,
  });
});

test('it goes to the other side where there is no room', () => {
  expect(placeTooltip({ left: 150, top: 10, width: 40, height: 40 }, size, 'top', room)).toEqual({
    left: 120,
    top: 56,
  });
  expect(placeTooltip({ left: 350, top: 100, width: 40, height: 40 }, size, 'right', room)).toEqual({
    left: 244,
    top: 108,
  });
});

test('it never leaves the window', () => {
  expect(placeTooltip({ left: 0, top: 100, width: 20, height: 20 }, size, 'top', room).left).toBe(8);
  expect(placeTooltip({ left: 380, top: 100, width: 20, height: 20 }, size, 'bottom', room).left).toBe(292);
});
