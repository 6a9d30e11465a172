import type { Duplex } from 'node:stream';

/**
 * Gathers what is written to sockets in one turn of the event loop: a commit's acks and deltas leave each socket in one piece, with one
 * call of the system instead of one for each frame.
 */
export function createCork(): (raw: Duplex) => void {
  const corked = new Set<Duplex>();
  function uncork(): void {
    for (const raw of corked) raw.uncork();
    corked.clear();
  }
  return (raw) => {
    if (corked.has(raw)) return;
    if (corked.size === 0) process.nextTick(uncork);
    corked.add(raw);
    raw.cork();
  };
}
