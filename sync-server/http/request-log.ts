import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from '../logger.ts';
import { latencyBuckets, type Metrics } from '../metrics.ts';

/**
 * One line for each request and one measure. What failed on our side is an error, all else is for debugging. Neither headers nor what
 * was searched for stand in the log.
 */
export function createRequestLog(logger: Logger, metrics: Metrics): RequestHandler[] {
  const log = pinoHttp({
    logger,
    quietReqLogger: true,
    customLogLevel: (_request, response, error) =>
      error !== undefined || response.statusCode >= 500 ? 'warn' : 'debug',
    serializers: {
      req: (request: { id: unknown; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?')[0],
      }),
      // The error handler has logged it, with what it was.
      err: () => undefined,
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
  const seconds = metrics.histogram(
    'chatsync_http_request_seconds',
    'Time from a request to the end of its answer.',
    latencyBuckets,
    ['method', 'route', 'status'],
  );
  const measure: RequestHandler = (request, response, next) => {
    const begun = process.hrtime.bigint();
    response.once('close', () => {
      seconds.observe(
        {
          method: knownMethod(request.method),
          route: routeOf(request),
          status: `${Math.floor(response.statusCode / 100)}xx`,
        },
        Number(process.hrtime.bigint() - begun) / 1e9,
      );
    });
    next();
  };
  return [log, measure];
}

/**
 * The pattern a request was served by, `/api/devices/:id`: one label for all devices, and one for all that was not found. Where the router
 * was mounted follows from the address, since Express has forgotten it by the time an error is answered.
 */
function routeOf(request: Parameters<RequestHandler>[0]): string {
  const route: unknown = request.route;
  const path =
    typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string'
      ? route.path
      : undefined;
  if (path === undefined) return 'other';
  if (path.includes('*')) return 'app';
  const parts = (request.originalUrl.split('?')[0] ?? '').split('/').filter(Boolean);
  const own = path.split('/').filter(Boolean).length;
  return ['', ...parts.slice(0, Math.max(0, parts.length - own))].join('/') + path;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS']);
const knownMethod = (method: string): string => (methods.has(method) ? method : 'other');
