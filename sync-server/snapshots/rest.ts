/** Rests between pieces of work, so that they take no more than their share of a core. */
export interface Rest {
  /** Waits as long as the work allows. @param took ms */
  after(took: number): Promise<void>;
  /** Ends every wait, and all to come. */
  close(): void;
}

/** @param factor a rest is so many times as long as the work before it */
export function createRest(factor: number): Rest {
  let end: (() => void) | null = null;
  let closed = false;
  return {
    after(took) {
      if (closed || factor === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, took * factor);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    close() {
      closed = true;
      end?.();
    },
  };
}
