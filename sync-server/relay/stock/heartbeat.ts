/** Something that is to be given a sign of life. */
export interface Beaten {
  beat(): void;
}

export interface Heartbeat<T extends Beaten> {
  readonly size: number;
  add(one: T): void;
  remove(one: T): void;
  close(): void;
}

/** Parts of the interval: a share of the sockets has its turn in each, so that a thousand beats do not fall into one moment. */
const parts = 15;

/** One timer for all. @param everyMs how often each has its turn, ms */
export function startHeartbeat<T extends Beaten>(everyMs: number): Heartbeat<T> {
  const slots = Array.from({ length: parts }, () => new Set<T>());
  const slotOf = new Map<T, Set<T>>();
  let turn = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % parts;
    for (const one of [...(slots[turn] ?? [])]) one.beat();
  }, everyMs / parts);
  timer.unref();
  return {
    get size() {
      return slotOf.size;
    },
    add(one) {
      // The slot whose turn was last: its first beat comes after a whole interval.
      const slot = slots[turn];
      slot?.add(one);
      if (slot) slotOf.set(one, slot);
    },
    remove(one) {
      slotOf.get(one)?.delete(one);
      slotOf.delete(one);
    },
    close: () => clearInterval(timer),
  };
}
