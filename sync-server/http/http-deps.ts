import type { Logger } from '../logger.ts';
import type { Database } from '../store/database.ts';
import type { Passwords } from './passwords.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RelayPort } from './relay-port.ts';
import type { Sessions } from './sessions.ts';

/** What the acts of HTTP are given. */
export interface HttpDeps {
  readonly database: Database;
  readonly logger: Logger;
  readonly relay: RelayPort;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly limits: RateLimits;
}
