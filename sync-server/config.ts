import { resolve } from 'node:path';
import * as z from 'zod';
import { StartupError } from './startup-error.ts';

/** The environment as the process got it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the data lives: a PostgreSQL of somebody else's, or one that this server runs itself in its data folder. */
export type DatabaseConfig =
  | { readonly kind: 'embedded'; readonly poolSize: number }
  | { readonly kind: 'external'; readonly url: string; readonly poolSize: number };

/** All settings of one server: parsed once, handed down, never read from the environment again. */
export interface Config {
  /** The address to listen on. */
  readonly host: string;
  /** The port to listen on; 0 lets the system choose a free one. */
  readonly port: number;
  /** The address people type, without a slash at the end; undefined: made from the host and the port in use. */
  readonly publicUrl: string | undefined;
  /** An absolute path. */
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  readonly logLevel: LogLevel;
  /** How many proxies in front of the server may set X-Forwarded-For; 0: none is believed. */
  readonly trustProxy: number;
  /** Signs the session cookies; undefined: one is made and kept in the data folder. */
  readonly sessionSecret: string | undefined;
  readonly rateLimits: RateLimitConfig;
  /** Who presents it as a bearer token may read /metrics from anywhere; undefined: only this machine may. */
  readonly metricsToken: string | undefined;
}

/** How much one address or one account may ask for. Generous to an office, or a test suite, behind one address. */
export interface RateLimitConfig {
  /** Accounts made from one address in an hour. */
  readonly signUpsPerAddress: number;
  /** Attempts to sign in from one address in 15 minutes, whatever the account. */
  readonly signInsPerAddress: number;
  /** Attempts to sign in to one account from one address in 15 minutes; from all addresses together ten times as many. */
  readonly signInsPerAccount: number;
  /** Commands and searches of one signed-in user in a minute. */
  readonly requestsPerUser: number;
}

const logLevels = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

const wholeNumber = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${low} to ${high}`)
    .transform(Number)
    .refine((value) => value >= low && value <= high, `must be a whole number from ${low} to ${high}`);

const address = (protocols: readonly string[], example: string) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), `must look like ${example}`);

/** Each setting by the name of its variable; `.env.example` lists the same names with the same defaults. */
const environmentSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3000),
  PUBLIC_URL: address(['http:', 'https:'], 'https://chat.example.org')
    .refine(
      (value) => URL.canParse(value) && new URL(value).pathname === '/',
      'must be an address without a path, such as https://chat.example.org',
    )
    .transform((value) => new URL(value).origin)
    .optional(),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: address(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/chatsync').optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 200).default(10),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('warn'),
  TRUST_PROXY: wholeNumber(0, 10).default(0),
  SESSION_SECRET: z.string().min(32, 'must have at least 32 characters; leave it out to have one made').optional(),
  RATE_SIGN_UPS_PER_ADDRESS: wholeNumber(1, 1_000_000).default(200),
  RATE_SIGN_INS_PER_ADDRESS: wholeNumber(1, 1_000_000).default(600),
  RATE_SIGN_INS_PER_ACCOUNT: wholeNumber(1, 1_000_000).default(30),
  RATE_REQUESTS_PER_USER: wholeNumber(1, 1_000_000).default(600),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
});

/** The names of all settings, for the test that keeps `.env.example` true. */
export const settingNames: readonly string[] = Object.keys(environmentSchema.shape);

/**
 * The environment → the configuration. An empty variable counts as absent, as in a compose file with `PORT=`.
 * @param workingDirectory what a relative DATA_DIR is relative to
 * @throws StartupError naming every variable that is wrong, and what it must be
 */
export function readConfig(environment: Environment, workingDirectory: string): Config {
  const given = Object.fromEntries(
    settingNames.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new StartupError(`these settings are wrong (see .env.example):\n${lines.join('\n')}`);
  }
  const settings = parsed.data;
  const poolSize = settings.DATABASE_POOL_SIZE;
  return {
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL,
    dataDir: resolve(workingDirectory, settings.DATA_DIR),
    database:
      settings.DATABASE_URL === undefined
        ? { kind: 'embedded', poolSize }
        : { kind: 'external', url: settings.DATABASE_URL, poolSize },
    logLevel: settings.LOG_LEVEL,
    trustProxy: settings.TRUST_PROXY,
    sessionSecret: settings.SESSION_SECRET,
    rateLimits: {
      signUpsPerAddress: settings.RATE_SIGN_UPS_PER_ADDRESS,
      signInsPerAddress: settings.RATE_SIGN_INS_PER_ADDRESS,
      signInsPerAccount: settings.RATE_SIGN_INS_PER_ACCOUNT,
      requestsPerUser: settings.RATE_REQUESTS_PER_USER,
    },
    metricsToken: settings.METRICS_TOKEN,
  };
}
