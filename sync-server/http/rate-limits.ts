import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { UserId } from '#schema/ids.ts';
import type { RateLimitConfig } from '../config.ts';
import { tooMuch } from './http-refusal.ts';

/**
 * What an address or an account may ask for in a time. Counted in the memory of each server: several servers allow as many times as much. Keys
 * are forgotten when their time is over, and an address's own limit bounds how many accounts it can name.
 * All throw HttpRefusal `rate-limited` with the time to wait.
 */
export interface RateLimits {
  signUp(address: string | undefined): Promise<void>;
  /** Counted before the password is looked at, so that guesses sent at once are counted too. */
  signIn(address: string | undefined, email: string): Promise<void>;
  /** The password was right: what was counted for this account from this address is forgiven. */
  signedIn(address: string | undefined, email: string): Promise<void>;
  /** A command or a search of a signed-in user. */
  request(user: UserId): Promise<void>;
}

const quarterHour = 15 * 60;
/** Guesses at one account from many addresses, in multiples of those from one. */
const allAddresses = 10;

export function createRateLimits(config: RateLimitConfig): RateLimits {
  const limiter = (points: number, duration: number): RateLimiterMemory => new RateLimiterMemory({ points, duration });
  const signUps = limiter(config.signUpsPerAddress, 3600);
  const addresses = limiter(config.signInsPerAddress, quarterHour);
  const pairs = limiter(config.signInsPerAccount, quarterHour);
  const accounts = limiter(config.signInsPerAccount * allAddresses, quarterHour);
  const users = limiter(config.requestsPerUser, 60);

  return {
    signUp: (address) => take(signUps, network(address)),
    async signIn(address, email) {
      await take(addresses, network(address));
      await take(pairs, pair(address, email));
      await take(accounts, account(email));
    },
    async signedIn(address, email) {
      await pairs.delete(pair(address, email));
      await accounts.reward(account(email));
    },
    request: (user) => take(users, user),
  };
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) throw tooMuch(refused.msBeforeNext);
    throw refused;
  }
}

const account = (email: string): string => email.trim().toLowerCase().slice(0, 300);
const pair = (address: string | undefined, email: string): string => `${network(address)} ${account(email)}`;

/** The address; of IPv6 the first 64 bits, since a household is given all addresses that begin with them. */
export function network(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
