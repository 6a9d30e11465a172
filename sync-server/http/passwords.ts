import { randomBytes } from 'node:crypto';
import { compare, hash } from 'bcrypt';
import { LIMITS } from '#schema/limits.ts';
import { HttpRefusal, tooMuch } from './http-refusal.ts';

export interface PasswordOptions {
  /** bcrypt's cost: the logarithm of the number of rounds. 12 takes about 0.3 s. */
  readonly cost: number;
  /** How many are computed at once: they take the threads that files and names are looked up with too. */
  readonly atOnce: number;
  /** How many may wait for their turn; more are told to come back. */
  readonly waiting: number;
}

/** Hashes passwords and compares them, at a bounded pace. */
export interface Passwords {
  /** @throws HttpRefusal `password-too-long`, `rate-limited` */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one of the hash. Without a hash the answer is no, after the same time: whether an account exists cannot
   * be told from how long the answer takes.
   * @throws HttpRefusal `password-too-long`, `rate-limited`
   */
  matches(password: string, against: string | undefined): Promise<boolean>;
}

export async function createPasswords(options: PasswordOptions): Promise<Passwords> {
  const nobodys = await hash(randomBytes(24).toString('base64'), options.cost);
  const gate = createGate(options.atOnce, options.waiting);
  return {
    async hash(password) {
      const bytes = passwordBytes(password);
      return gate(() => hash(bytes, options.cost));
    },
    async matches(password, against) {
      const bytes = passwordBytes(password);
      const same = await gate(() => compare(bytes, against ?? nobodys));
      return same && against !== undefined;
    },
  };
}

/** One form for what looks the same but is typed differently (é in one code point or two), as bytes, which bcrypt cuts at 72. */
function passwordBytes(password: string): Buffer {
  const bytes = Buffer.from(password.normalize('NFC'), 'utf8');
  if (bytes.length > LIMITS.passwordBytes) {
    throw new HttpRefusal('password-too-long', undefined, {
      fields: { password: `A password may have at most ${LIMITS.passwordBytes} bytes; this one has ${bytes.length}.` },
    });
  }
  return bytes;
}

/** How long somebody who found the queue full is asked to wait, in ms. */
const fullQueueWait = 5_000;

/** Lets `atOnce` works run and `waiting` more wait, in order. */
function createGate(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw tooMuch(fullQueueWait);
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      // The place goes straight to the next in the queue.
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}
