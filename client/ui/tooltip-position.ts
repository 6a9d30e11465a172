/** The side of a control a tooltip stands on. */
export type TooltipSide = 'top' | 'bottom' | 'left' | 'right';

/** A box in pixels, as `getBoundingClientRect` gives it. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Space between control and tooltip, and the least distance to the window's edge, in pixels. */
const GAP = 6;
const MARGIN = 8;

const OPPOSITE: Record<TooltipSide, TooltipSide> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' };

/**
 * Where a tooltip of `size` goes beside `anchor` in a window of `room`, in window pixels: on the side asked for, on the opposite one
 * where it does not fit, and moved along the side so that it stays in the window.
 */
export function placeTooltip(
  anchor: Box,
  size: { width: number; height: number },
  side: TooltipSide,
  room: { width: number; height: number },
): { left: number; top: number } {
  const asked = beside(anchor, size, side);
  const other = beside(anchor, size, OPPOSITE[side]);
  const place = fits(asked, size, side, room) || !fits(other, size, side, room) ? asked : other;
  return {
    left: Math.round(clamp(place.left, MARGIN, room.width - size.width - MARGIN)),
    top: Math.round(clamp(place.top, MARGIN, room.height - size.height - MARGIN)),
  };
}

function beside(
  anchor: Box,
  size: { width: number; height: number },
  side: TooltipSide,
): { left: number; top: number } {
  const centreLeft = anchor.left + (anchor.width - size.width) / 2;
  const centreTop = anchor.top + (anchor.height - size.height) / 2;
  switch (side) {
    case 'top':
      return { left: centreLeft, top: anchor.top - size.height - GAP };
    case 'bottom':
      return { left: centreLeft, top: anchor.top + anchor.height + GAP };
    case 'left':
      return { left: anchor.left - size.width - GAP, top: centreTop };
    case 'right':
      return { left: anchor.left + anchor.width + GAP, top: centreTop };
  }
}

/** Only the axis of the side decides: along the side a tooltip can always be moved. */
function fits(
  place: { left: number; top: number },
  size: { width: number; height: number },
  side: TooltipSide,
  room: { width: number; height: number },
): boolean {
  return side === 'top' || side === 'bottom'
    ? place.top >= MARGIN && place.top + size.height <= room.height - MARGIN
    : place.left >= MARGIN && place.left + size.width <= room.width - MARGIN;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
