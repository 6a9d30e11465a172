/** A page that is not seen is never painted: it waits this long instead, in ms. */
const UNSEEN_MS = 250;

/** Calls back once, when what was just drawn is on the screen. */
export function afterPaint(then: () => void): void {
  const call = (): void => {
    clearTimeout(unseen);
    cancelAnimationFrame(frame);
    then();
  };
  const unseen = setTimeout(call, UNSEEN_MS);
  // A frame's callbacks run before it is painted, tasks after.
  const frame = requestAnimationFrame(() => {
    clearTimeout(unseen);
    setTimeout(call);
  });
}
