/** A database whose answers a test holds back, to bring about an order of events that chance brings about now and then. */
import type { Database, Queryable } from '#server/store/database.ts';

export interface HeldDatabase extends Database {
  /**
   * From now on statements prepared under a name (or, without one, of this very text) are held back: before they are sent, or their
   * answers after they were carried out. What is held goes on when `go` is called.
   */
  hold(name: string, what: 'statement' | 'answer'): Hold;
  /** The next statements prepared under a name fail, this many; resolves when the last has. */
  fail(name: string, times: number): Promise<void>;
  /** The next NOTIFY that a session of this database hears and that fits; given before it is dealt with. */
  notified(fits: (payload: string) => boolean): Promise<string>;
}

export interface Hold {
  /** Resolves as soon as something is held. */
  readonly caught: Promise<void>;
  go(): void;
}

interface Gate {
  readonly name: string;
  readonly what: 'statement' | 'answer';
  readonly opened: Promise<void>;
  caught(): void;
}

export function holdable(real: Database): HeldDatabase {
  const gates = new Set<Gate>();
  const failures = new Map<string, { left: number; done(): void }>();
  const listeners = new Set<(payload: string) => void>();

  async function pass(name: string, what: Gate['what']): Promise<void> {
    for (const gate of gates) {
      if (gate.name !== name || gate.what !== what) continue;
      gate.caught();
      await gate.opened;
    }
  }

  const held = (to: Queryable): Queryable['query'] =>
    async function query(text, values, name) {
      await pass(name ?? text, 'statement');
      const failure = failures.get(name ?? text);
      if (failure && failure.left > 0) {
        failure.left--;
        if (failure.left === 0) failure.done();
        throw new Error(`${name} fails, since the test wants it to`);
      }
      const rows = await to.query(text, values, name);
      await pass(name ?? text, 'answer');
      return rows as never;
    };

  return {
    ...real,
    query: held(real),
    async session() {
      const session = await real.session();
      return {
        ...session,
        query: held(session),
        onNotification(listener) {
          session.onNotification((channel, payload) => {
            for (const one of listeners) one(payload);
            listener(channel, payload);
          });
        },
      };
    },
    hold(name, what) {
      let [open, caught] = [(): void => undefined, (): void => undefined];
      const gate: Gate = {
        name,
        what,
        opened: new Promise((resolve) => (open = resolve)),
        caught: () => caught(),
      };
      gates.add(gate);
      return {
        caught: new Promise((resolve) => (caught = resolve)),
        go() {
          gates.delete(gate);
          open();
        },
      };
    },
    fail: (name, left) => new Promise((done) => failures.set(name, { left, done })),
    notified: (fits) =>
      new Promise((resolve) => {
        const listener = (payload: string): void => {
          if (!fits(payload)) return;
          listeners.delete(listener);
          resolve(payload);
        };
        listeners.add(listener);
      }),
  };
}
