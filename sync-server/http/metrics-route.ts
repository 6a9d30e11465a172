import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Metrics } from '../metrics.ts';
import { HttpRefusal } from './http-refusal.ts';

/** `GET /metrics` for Prometheus: to who presents the token, or, where there is none, to programs on this machine. */
export function createMetricsRoute(metrics: Metrics, token: string | undefined): RequestHandler {
  return async (request, response) => {
    const allowed = token === undefined ? isLocal(request) : presents(request, token);
    if (!allowed) throw new HttpRefusal('not-found', undefined, {});
    const text = await metrics.registry.metrics();
    response.set('Cache-Control', 'no-store').type(metrics.registry.contentType).send(text);
  };
}

/** From this machine and not passed on by a proxy on it, who would lend its address to everybody. */
function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  const passedOn = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return !passedOn && (address === '::1' || /^(?:::ffff:)?127\./.test(address));
}

function presents(request: IncomingMessage, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
