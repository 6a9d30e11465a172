import express, { type RequestHandler } from 'express';
import { HttpRefusal } from './http-refusal.ts';

/** Bytes of a request's body at most: a thousand members' ids with room to spare. */
const bodyLimit = 64 << 10;

/** Reads bodies of JSON; a body of anything else is refused, so that no form of another site can be taken for one. */
export function createBodyReader(): RequestHandler[] {
  const requireJson: RequestHandler = (request, _response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
    if (!hasBody || request.is('application/json')) next();
    else next(new HttpRefusal('invalid-request', 'Send the body as application/json.', { status: 415 }));
  };
  return [requireJson, express.json({ limit: bodyLimit, type: 'application/json' })];
}
