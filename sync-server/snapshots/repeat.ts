/** Does something again and again, never twice at a time. */
export function repeat(pause: number, work: () => Promise<void>): { now(): Promise<void>; close(): Promise<void> } {
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const again = (): void => {
    if (!closed && pause > 0) timer = setTimeout(() => void now(), pause);
  };
  const now = (): Promise<void> => {
    clearTimeout(timer);
    running ??= work().finally(() => {
      running = null;
      again();
    });
    return running;
  };
  again();
  return {
    now,
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
