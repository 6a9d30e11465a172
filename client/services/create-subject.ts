import type { Observable } from './observable.ts';

/** An observable together with the way to change it. The methods need no `this`. */
export interface Subject<T> extends Observable<T> {
  /** Sets the value and tells the listeners, unless it is the same one. */
  set(value: T): void;
}

/** An observable that holds `value` until it is set to another. */
export function createSubject<T>(value: T): Subject<T> {
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
