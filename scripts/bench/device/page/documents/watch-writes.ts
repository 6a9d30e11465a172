/** Watches every transaction of this worker that writes. Gives how to wait until all that were begun are stored. */
export function watchWrites(): () => Promise<void> {
  const original = IDBDatabase.prototype.transaction;
  let open = 0;
  let wake: () => void = () => undefined;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof original>) {
    const transaction = original.apply(this, args);
    if (transaction.mode !== 'readonly') {
      open++;
      const ended = (): void => {
        if (--open === 0) wake();
      };
      transaction.addEventListener('complete', ended);
      transaction.addEventListener('abort', ended);
    }
    return transaction;
  };
  return async () => {
    while (open > 0) await new Promise<void>((resolve) => (wake = resolve));
  };
}
