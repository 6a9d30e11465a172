import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from 'express';
import { ErrorAnswer } from '#schema/http/error-answer.ts';
import type { ErrorCode } from '#schema/errors.ts';
import { readConfig } from '#server/config.ts';
import { createHttpApp } from '#server/http/create-http-app.ts';
import { createOriginCheck } from '#server/http/own-origin.ts';
import { createPasswords } from '#server/http/passwords.ts';
import { createRateLimits } from '#server/http/rate-limits.ts';
import type { RelayPort } from '#server/http/relay-port.ts';
import { createSessions, type Sessions } from '#server/http/sessions.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import type { Database } from '#server/store/database.ts';

/** Everything the server answers over HTTP, listening, with a relay that only takes notes. */
export interface HttpApp {
  readonly url: string;
  readonly sessions: Sessions;
  /** What the relay was told, in order: `['relationalChange', [users]]`. */
  readonly told: (readonly [keyof RelayPort, ...unknown[]])[];
  /** Moves the server's clock, ms. */
  advance(ms: number): void;
  /** Someone with a jar for cookies, signed in as nobody yet. */
  client(): HttpClient;
  close(): Promise<void>;
}

export interface HttpAppSettings {
  /** Settings, by the names of `.env.example`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clientFolder?: string;
  readonly migrations?: readonly string[];
  /** ms. */
  readonly answerWithin?: number;
}

export async function startHttpApp(database: Database, settings: HttpAppSettings = {}): Promise<HttpApp> {
  const config = readConfig({ LOG_LEVEL: 'silent', ...settings.env }, '/');
  const logger = createLogger(config.logLevel);
  const told: HttpApp['told'] = [];
  let ahead = 0;
  const sessions = createSessions({
    database,
    logger,
    secret: 'a secret of the tests',
    secure: config.publicUrl?.startsWith('https:') === true,
    now: () => Date.now() + ahead,
  });
  const origin = { publicUrl: config.publicUrl, trustProxy: config.trustProxy };
  const app = createHttpApp({
    database,
    logger,
    sessions,
    metrics: createMetrics({ process: false }),
    metricsToken: config.metricsToken,
    // The least cost bcrypt has: 1 ms.
    passwords: await createPasswords({ cost: 4, atOnce: 2, waiting: 100 }),
    limits: createRateLimits(config.rateLimits),
    origin,
    allowedOrigin: createOriginCheck(origin),
    relay: {
      relationalChange: (users) => void told.push(['relationalChange', users]),
      endDevice: (device) => void told.push(['endDevice', device]),
      endSession: (session) => void told.push(['endSession', session]),
      dropMember: (conversation, user) => void told.push(['dropMember', conversation, user]),
    },
    migrations: settings.migrations ?? [],
    clientFolder: settings.clientFolder ?? '/nowhere',
    segmentRoutes: Router(),
    ...(settings.answerWithin !== undefined && { answerWithin: settings.answerWithin }),
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    sessions,
    told,
    advance: (ms) => void (ahead += ms),
    client: () => createHttpClient(url),
    async close() {
      sessions.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An answer with its body read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, where it is JSON; else the text. */
  readonly body: unknown;
  /** The code of an `ErrorAnswer`; undefined when it is none. */
  readonly code: ErrorCode | undefined;
}

/** A browser's worth of HTTP: keeps its cookies. */
export interface HttpClient {
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer>;
  /** The cookies as a header; settable, to act with a stolen or an old one. */
  cookie: string;
}

export function createHttpClient(url: string): HttpClient {
  const client: HttpClient = {
    cookie: '',
    async request(method, path, body, headers = {}) {
      const json = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(client.cookie !== '' && { cookie: client.cookie }),
          ...(json && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: json ? JSON.stringify(body) : (body as BodyInit) }),
      });
      const [set] = response.headers.getSetCookie();
      if (set !== undefined) client.cookie = /Expires=Thu, 01 Jan 1970/.test(set) ? '' : (set.split(';')[0] ?? '');
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
      const parsed: unknown = isJson ? JSON.parse(text) : text;
      const refusal = ErrorAnswer.safeParse(parsed);
      return {
        status: response.status,
        headers: response.headers,
        body: parsed,
        code: refusal.success ? refusal.data.error.code : undefined,
      };
    },
  };
  return client;
}
