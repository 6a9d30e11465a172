/**
 * Web Locks in memory, for one device: exclusive locks, a queue for each name, `ifAvailable` and `signal` as in the browser. A tab that
 * dies lets go of everything it holds or waits for.
 */
type Callback<T> = (lock: Lock | null) => T | PromiseLike<T>;

interface Waiting {
  readonly owner: object;
  readonly grant: () => void;
}

export interface FakeLocks {
  /** The locks as one tab sees them. */
  of(owner: object): Pick<LockManager, 'request'>;
  /** The tab is gone. */
  died(owner: object): void;
}

export function createFakeLocks(): FakeLocks {
  const holders = new Map<string, object>();
  const queues = new Map<string, Waiting[]>();
  const dead = new WeakSet<object>();

  function release(name: string, owner: object): void {
    if (holders.get(name) !== owner) return;
    holders.delete(name);
    for (let next = queues.get(name)?.shift(); next; next = queues.get(name)?.shift()) {
      if (dead.has(next.owner)) continue;
      next.grant();
      return;
    }
  }

  async function request<T>(owner: object, name: string, options: LockOptions, callback: Callback<T>): Promise<T> {
    if (holders.has(name)) {
      if (options.ifAvailable) return callback(null);
      await new Promise<void>((resolve, reject) => {
        const waiting: Waiting = { owner, grant: () => (hold(), resolve()) };
        const queue = queues.get(name) ?? [];
        queues.set(name, queue);
        queue.push(waiting);
        options.signal?.addEventListener('abort', () => {
          queue.splice(queue.indexOf(waiting), 1);
          reject(new DOMException('the request was aborted', 'AbortError'));
        });
      });
    } else {
      hold();
    }
    // A holder of its own for each grant: the same tab may ask for one name twice.
    const own = holders.get(name);
    try {
      return await callback({ name, mode: 'exclusive' });
    } finally {
      if (own) release(name, own);
    }

    function hold(): void {
      holders.set(name, owner);
    }
  }

  return {
    of: (owner) => ({
      request: (name: string, second: LockOptions | Callback<unknown>, third?: Callback<unknown>) =>
        typeof second === 'function'
          ? request(owner, name, {}, second)
          : request(owner, name, second, third as Callback<unknown>),
    }),
    died(owner) {
      dead.add(owner);
      for (const [name, holder] of [...holders]) if (holder === owner) release(name, owner);
    },
  };
}
