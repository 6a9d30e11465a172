/** A value that changes: what `useSyncExternalStore` takes. `get` gives the same object until it changed. */
export interface Observable<T> {
  get(): T;
  /** Calls back after each change. Gives the function that ends it. */
  subscribe(listener: () => void): () => void;
}
