/**
 * What browsers have and jsdom lacks, as far as components need it. Media queries answer for a window of a settable width, under a mouse, with
 * neither a dark scheme nor less movement asked for.
 */
let width = 1440;
const lists = new Set<{ query: string; listeners: Set<() => void> }>();

/** Makes media queries answer for a window of this width (CSS pixels) and tells those who listen. */
export function setWindowWidth(pixels: number): void {
  const before = [...lists].map((list) => matches(list.query));
  width = pixels;
  [...lists].forEach((list, index) => {
    if (matches(list.query) !== before[index]) for (const listener of list.listeners) listener();
  });
}

function matches(query: string): boolean {
  const bounds = [...query.matchAll(/\((min|max)-width: ([\d.]+)px\)/g)];
  if (bounds.length === 0) return false;
  return bounds.every(([, side, pixels]) => (side === 'min' ? width >= Number(pixels) : width <= Number(pixels)));
}

/** Fills the gaps of this test file's window. */
export function fillDomGaps(): void {
  window.matchMedia = (query) => {
    const list = { query, listeners: new Set<() => void>() };
    lists.add(list);
    const media: Pick<MediaQueryList, 'media' | 'matches' | 'onchange' | 'dispatchEvent'> & Record<string, unknown> = {
      media: query,
      get matches() {
        return matches(query);
      },
      onchange: null,
      addEventListener: (_type: string, listener: () => void) => list.listeners.add(listener),
      removeEventListener: (_type: string, listener: () => void) => list.listeners.delete(listener),
      dispatchEvent: () => false,
    };
    return media as unknown as MediaQueryList;
  };
  globalThis.CSS ??= {} as typeof CSS;
  globalThis.CSS.supports ??= () => false;
  Element.prototype.scrollIntoView ??= () => undefined;
  Element.prototype.scrollTo ??= () => undefined;
  Element.prototype.getAnimations ??= () => [];
  globalThis.ResizeObserver ??= class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
}
