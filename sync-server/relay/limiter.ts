/** Lets so many pieces of work run at once; the others wait in their order. */
export interface Limiter {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** How many wait. */
  readonly waiting: number;
}

export function createLimiter(atOnce: number): Limiter {
  const queue: (() => void)[] = [];
  let running = 0;

  function next(): void {
    running--;
    queue.shift()?.();
  }

  return {
    async run(work) {
      if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
      running++;
      try {
        return await work();
      } finally {
        next();
      }
    },
    get waiting() {
      return queue.length;
    },
  };
}
