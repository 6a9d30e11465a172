import compression from 'compression';
import express, { Router, type Express, type RequestHandler } from 'express';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '#schema/errors.ts';
import type { Metrics } from '../metrics.ts';
import { addMembers } from './add-members.ts';
import { createErrorHandler } from './answer-error.ts';
import { answerInTime } from './answer-in-time.ts';
import { createPasswordCheck } from './check-password.ts';
import { createConversation } from './create-conversation.ts';
import { findPeople } from './find-people.ts';
import { createHealthRoutes } from './health.ts';
import type { HttpDeps } from './http-deps.ts';
import { listDevices } from './list-devices.ts';
import { readMe } from './me.ts';
import { createMetricsRoute } from './metrics-route.ts';
import { requireOwnOrigin, type OriginOptions } from './own-origin.ts';
import { createBodyReader } from './read-body.ts';
import { removeMember } from './remove-member.ts';
import { createRequestLog } from './request-log.ts';
import { revokeDevice } from './revoke-device.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { createClientRoutes, inlineScriptHashes } from './serve-client.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { signUp } from './sign-up.ts';
import { updateConversation } from './update-conversation.ts';
import { updateProfile } from './update-profile.ts';

export interface HttpAppOptions extends HttpDeps {
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  readonly origin: OriginOptions;
  allowedOrigin(request: IncomingMessage): boolean;
  /** The names of the migrations the database must have. */
  readonly migrations: readonly string[];
  /** The built app. */
  readonly clientFolder: string;
  /** More routes under /api/conversations: the segments of a conversation. */
  readonly segmentRoutes: Router;
  /** An answer that was not begun after this many ms is `unavailable`. */
  readonly answerWithin?: number;
}

/** Above what a statement may take (30 s), so that the database speaks first where it can. */
const defaultAnswerWithin = 35_000;

/** Everything the server answers over HTTP, in the order in which a request meets it. */
export function createHttpApp(options: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.origin.trustProxy);
  app.set('query parser', 'simple');

  app.use(createRequestLog(options.logger, options.metrics));
  app.use(createSecurityHeaders(options.origin, inlineScriptHashes(options.clientFolder)));
  app.use('/health', createHealthRoutes(options.database, options.migrations));
  app.get('/metrics', createMetricsRoute(options.metrics, options.metricsToken));
  app.use(compression());
  app.use('/api', createApi(options));
  app.use(createClientRoutes(options.clientFolder));
  app.use(createErrorHandler(options.logger));
  return app;
}

function createApi(options: HttpAppOptions): Router {
  const api = Router();
  api.use(notStored, answerInTime(options.answerWithin ?? defaultAnswerWithin));
  api.use(requireOwnOrigin(options.allowedOrigin, options.origin), createBodyReader());
  api.use(options.sessions.middleware, options.sessions.keepAlive);

  api.post('/sign-up', signUp(options));
  api.post('/sign-in', signIn(options, createPasswordCheck(options.database, options.passwords)));
  api.post('/sign-out', signOut(options));
  api.get('/me', readMe(options));
  api.patch('/me', updateProfile(options));
  api.get('/devices', listDevices(options));
  api.delete('/devices/:id', revokeDevice(options));
  api.get('/people', findPeople(options));
  api.post('/conversations', createConversation(options));
  api.patch('/conversations/:id', updateConversation(options));
  api.post('/conversations/:id/members', addMembers(options));
  api.delete('/conversations/:id/members/:userId', removeMember(options));
  api.use('/conversations', options.segmentRoutes);

  api.use((_request, _response, next) => next(new Refusal('not-found')));
  return api;
}

/** Answers are one person's and of one moment; a route that knows better says so itself. */
const notStored: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
